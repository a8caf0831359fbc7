# Completion of jm-annotate for bash.

_jm_annotate() {
    # Bash also splits words at = and :. Join what no whitespace separates, up to the cursor.
    local rest=${COMP_LINE:0:COMP_POINT} words=() word after i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        after=${rest#"${rest%%[![:space:]]*}"}
        word=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            word=$after
        fi
        if ((i == 0)) || [[ $after != "$rest" ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
        rest=${after#"$word"}
    done

    # Bash replaces only $2: what follows the last = or : and an opening quote.
    local current=${words[${#words[@]} - 1]//[\"\']/}
    local kept=${current%"$2"} value description has_paths= before=
    COMPREPLY=()
    while IFS=$'\t' read -r value description; do
        if [[ $value == :paths ]]; then
            has_paths=1
            before=${description#"$kept"}
        else
            COMPREPLY+=("${value#"$kept"}")
        fi
    done < <(jm-annotate generate bash -- "${words[@]}" 2>/dev/null)

    if [[ $before ]]; then
        # The whole word is quoted, as "junit=out", so bash has not split it at =.
        while IFS= read -r value; do
            [[ -d $value ]] && value+=/
            COMPREPLY+=("$before$value")
        done < <(compgen -f -- "${2#"$before"}")
        if [[ ${COMPREPLY[0]} == */ ]]; then
            compopt -o nospace 2>/dev/null
        fi
    elif [[ $has_paths && ${#COMPREPLY[@]} -eq 0 ]]; then
        # Bash itself completes paths best.
        compopt -o default 2>/dev/null
    elif [[ $has_paths ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r value; do
            COMPREPLY+=("$value")
        done < <(compgen -f -- "$2")
    elif [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

if type compopt >/dev/null 2>&1; then
    complete -F _jm_annotate jm-annotate
else
    # Bash 3.2, the one of macOS.
    complete -o default -F _jm_annotate jm-annotate
fi
