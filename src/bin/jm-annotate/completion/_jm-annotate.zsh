#compdef jm-annotate
# Completion of jm-annotate for zsh.

_jm-annotate() {
    local line value description prefix
    local -a values partial
    local -i has_paths=0 status_=1
    for line in "${(@f)$(command jm-annotate generate zsh -- \
            "${(@)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
        value=${line%%$'\t'*}
        description=${line#*$'\t'}
        if [[ $value == :paths ]]; then
            has_paths=1
            prefix=$description
        elif [[ -n $value ]]; then
            line=${value//:/\\:}${description:+:$description}
            if [[ $value == *= ]]; then
                partial+=("$line")
            else
                values+=("$line")
            fi
        fi
    done
    if (( $#values )); then
        _describe -V 'value' values && status_=0
    fi
    if (( $#partial )); then
        _describe -V 'value' partial -S '' && status_=0
    fi
    if (( has_paths )); then
        compset -P "${(b)prefix}"
        _files && status_=0
    fi
    return status_
}

# In a folder of $fpath, the file is the function; otherwise it is sourced.
if [[ $funcstack[1] == _jm-annotate ]]; then
    _jm-annotate "$@"
else
    compdef _jm-annotate jm-annotate
fi
