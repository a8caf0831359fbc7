# Prints what an interactive zsh makes of each command line and a Tab: its matches, then the line. Arguments: a folder with
# the script as `_jm-annotate`, and command lines.
zmodload zsh/zpty || exit 3
folder=$1
shift
cat > $folder/.zshrc <<'RC'
PS1= PS2= RPS1=
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -d $ZDOTDIR/dump
# What is added to the list is also written down. Options that ask, not add, are passed through.
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a hits
    builtin compadd -O hits "$@"
    print -rl -- $hits >> $ZDOTDIR/found
    builtin compadd "$@"
}
show() {
    print -r -- "=> $BUFFER" >> $ZDOTDIR/found
    BUFFER=
    print -r -- done > $ZDOTDIR/ready
}
zle -N show
bindkey '^I' complete-word
bindkey '^G' show
print -r -- done > $ZDOTDIR/ready
RC
wait_for_it() {
    repeat 400; do
        [[ -e $folder/ready ]] && break
        sleep 0.05
    done
    rm -f $folder/ready
}
zpty shell "cd ${(q)folder} && ZDOTDIR=${(q)folder} zsh -d -i"
wait_for_it
for line in "$@"; do
    zpty -w -n shell "$line"$'\t\a'
    wait_for_it
done
zpty -d shell
cat $folder/found
