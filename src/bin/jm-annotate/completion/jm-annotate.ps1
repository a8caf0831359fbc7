# Completion of jm-annotate for PowerShell.

Register-ArgumentCompleter -Native -CommandName 'jm-annotate' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words before the cursor, then the one at the cursor, up to it.
    $words = @()
    $current = ''
    foreach ($element in $commandAst.CommandElements) {
        $extent = $element.Extent
        if ($extent.StartOffset -ge $cursorPosition) {
            break
        }
        if ($extent.EndOffset -ge $cursorPosition) {
            $current = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset)
        } else {
            $words += $extent.Text
        }
    }

    # PowerShell replaces only $wordToComplete, which may be less than the whole word.
    $kept = ''
    if ($current.EndsWith($wordToComplete)) {
        $kept = $current.Substring(0, $current.Length - $wordToComplete.Length)
    }

    # Versions before 7.3 drop an empty argument; jm-annotate removes quotes.
    $arguments = @('generate', 'powershell', '--') + $words
    $arguments += if ($current -eq '') { '""' } else { $current }
    foreach ($line in (& jm-annotate @arguments 2>$null)) {
        $value, $description = $line -split "`t", 2
        if ($value -eq ':paths') {
            $before = $description
            $path = $current.Substring([Math]::Min($before.Length, $current.Length))
            $found = [System.Management.Automation.CompletionCompleters]::CompleteFilename($path)
        } else {
            $before = ''
            $tip = if ($description) { $description } else { $value }
            $found = [System.Management.Automation.CompletionResult]::new(
                $value, $value, 'ParameterValue', $tip)
        }
        foreach ($result in $found) {
            $text = $before + $result.CompletionText
            if ($text.StartsWith($kept)) {
                $text = $text.Substring($kept.Length)
            }
            [System.Management.Automation.CompletionResult]::new(
                $text, $result.ListItemText, $result.ResultType, $result.ToolTip)
        }
    }
}
