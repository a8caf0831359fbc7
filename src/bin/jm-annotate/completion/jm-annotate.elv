# Completion of jm-annotate for elvish.

use str

set edit:completion:arg-completer[jm-annotate] = {|@words|
  var current = $words[-1]
  e:jm-annotate generate elvish -- $@words 2>/dev/null | from-lines | each {|line|
    var value description = (str:split &max=2 "\t" $line)
    if (==s $value :paths) {
      var path = (str:trim-prefix $current $description)
      edit:complete-filename $path | each {|found|
        edit:complex-candidate &code-suffix=$found[code-suffix] $description$found[stem]
      }
    } else {
      var display = $value
      if (!=s $description '') {
        set display = $value' ('$description')'
      }
      edit:complex-candidate &display=$display $value
    }
  }
}
