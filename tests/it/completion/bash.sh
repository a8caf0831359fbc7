# Prints what bash offers after Tab, one candidate per line. Arguments: the script, and a command line up to the cursor.
# Bash has split the line at blanks, =, and : (COMP_WORDBREAKS) outside of quotes, which the loop imitates. A quote is not closed.
source "$1"
line=$2
COMP_WORDS=()
rest=$line
while [[ -n $rest ]]; do
    case $rest in
        ' '*) rest=${rest# } ;;
        [\"\']*) COMP_WORDS+=("$rest"); rest= ;;
        [=:]*) COMP_WORDS+=("${rest:0:1}"); rest=${rest:1} ;;
        *) word=${rest%%[ =:]*}; COMP_WORDS+=("$word"); rest=${rest#"$word"} ;;
    esac
done
[[ $line == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE=$line
COMP_POINT=${#line}
current=${COMP_WORDS[COMP_CWORD]}
[[ $current == [=:] ]] && current=
# Bash passes the word without its opening quote.
current=${current#[\"\']}
compopt() { echo "compopt $*"; }
registered=$(complete -p jm-annotate) || exit 3
function=${registered##*-F }
"${function%% *}" jm-annotate "$current" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
