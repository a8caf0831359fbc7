# Completion of jm-annotate for fish.

function __jm_annotate_candidates
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    command jm-annotate generate fish -- $words "$current" 2>/dev/null
end

function __jm_annotate_values
    __jm_annotate_candidates | string match --invert ':paths*'
end

function __jm_annotate_takes_path
    __jm_annotate_candidates | string match --quiet ':paths*'
end

complete --command jm-annotate --no-files --keep-order --arguments '(__jm_annotate_values)'
# fish itself completes paths best, also after =.
complete --command jm-annotate --condition __jm_annotate_takes_path --force-files
