// SPDX-License-Identifier: Apache-2.0

/// Scripts for shells, made from the table of commands.
enum Completion {
  /// Every first word of a command, once, in order.
  private static var verbs: [String] {
    var verbs: [String] = []
    for command in Program.commands {
      let verb = command.name.split(separator: " ").first.map(String.init) ?? command.name
      if !verbs.contains(verb) { verbs.append(verb) }
    }
    return verbs
  }

  private static func seconds(of verb: String) -> [String] {
    Program.commands.filter { $0.name.hasPrefix("\(verb) ") }
      .map { String($0.name.dropFirst(verb.count + 1)) }
  }

  /// For bash: source it, or put it among its completions.
  static var bash: String {
    """
    # SPDX-License-Identifier: Apache-2.0
    # Written by `smki completion bash`.
    _smki() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=
      case ${COMP_WORDS[1]-} in
    \(bashGroups)
        *) command=${COMP_WORDS[1]-} ;;
      esac
      if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "help \(verbs.joined(separator: " "))" -- "$word"))
        return
      fi
      if [ "$COMP_CWORD" -eq 2 ]; then
        case ${COMP_WORDS[1]} in
    \(bashSeconds)
        esac
      fi
      case "$command $before" in
    \(bashWords)
      esac
      case $before in
        --estate|--bulk) compopt -o nospace; COMPREPLY=($(compgen -d -- "$word")); return ;;
      esac
      case $word in
        -*) ;;
        *) COMPREPLY=($(compgen -f -- "$word")); return ;;
      esac
      case $command in
    \(bashOptions)
      esac
    }
    complete -o filenames -F _smki smki
    """
  }

  private static var groups: [String] { verbs.filter { !seconds(of: $0).isEmpty } }

  private static var bashGroups: String {
    "    \(groups.joined(separator: "|"))) command=\"${COMP_WORDS[1]} ${COMP_WORDS[2]-}\" ;;"
  }

  /// What may stand behind `help`.
  private static var helped: String {
    let groups = CommandGroup.all.map(\.name)
    return (groups + verbs.filter { !groups.contains($0) } + ["all"]).joined(separator: " ")
  }

  private static var bashSeconds: String {
    "      help) COMPREPLY=($(compgen -W \"\(helped)\" -- \"$word\")); return ;;\n"
      + groups.map {
        "      \($0)) COMPREPLY=($(compgen -W \"\(seconds(of: $0).joined(separator: " "))\" "
          + "-- \"$word\")); return ;;"
      }.joined(separator: "\n")
  }

  private static var bashWords: String {
    Program.commands.flatMap { command in
      command.options.filter { !$0.words.isEmpty }.map {
        "    \"\(command.name) \($0.name)\") COMPREPLY=($(compgen -W "
          + "\"\($0.words.joined(separator: " "))\" -- \"$word\")); return ;;"
      }
    }.joined(separator: "\n")
  }

  private static var bashOptions: String {
    Program.commands.map { command in
      let names = (command.options + Command.commonOptions).map(\.name).joined(separator: " ")
      return "    \"\(command.name)\") COMPREPLY=($(compgen -W \"\(names)\" -- \"$word\")) ;;"
    }.joined(separator: "\n")
  }

  /// For zsh: put it as `_smki` into a folder of `$fpath`.
  static var zsh: String {
    """
    #compdef smki
    # SPDX-License-Identifier: Apache-2.0
    # Written by `smki completion zsh`.
    _smki() {
      local -a commands
      if (( CURRENT == 2 )); then
        commands=(
    \(zshVerbs)
        )
        _describe command commands
        return
      fi
      local command=$words[2] first=3
      case $command in
        help) commands=(\(helped)); _describe command commands; return ;;
    \(zshGroups)
      esac
      shift $(( first - 2 )) words
      (( CURRENT -= first - 2 ))
      case $command in
    \(zshOptions)
      esac
    }
    _smki "$@"
    """
  }

  private static var zshVerbs: String {
    verbs.map { verb in
      let summary = Program.commands.first { $0.name == verb }?.summary
      let seconds = seconds(of: verb).joined(separator: ", ")
      return "      '\(verb):\(zshText(summary ?? seconds))'"
    }.joined(separator: "\n")
  }

  private static var zshGroups: String {
    groups.map { group in
      let described = Program.commands.filter { $0.name.hasPrefix("\(group) ") }
        .map { "'\($0.name.dropFirst(group.count + 1)):\(zshText($0.summary))'" }
        .joined(separator: " ")
      return """
            \(group))
              if (( CURRENT == 3 )); then
                commands=(\(described))
                _describe command commands
                return
              fi
              command="$command $words[3]"
              first=4 ;;
        """
    }.joined(separator: "\n")
  }

  private static var zshOptions: String {
    Program.commands.map { command in
      let options = (command.options + Command.commonOptions).map { option in
        var text = "'\(option.isRepeated ? "*" : "")\(option.name)[\(zshText(option.summary))]"
        if let value = option.value {
          let action =
            option.words.isEmpty ? "_files" : "(\(option.words.joined(separator: " ")))"
          text += ":\(value.lowercased()):\(action)"
        }
        return text + "'"
      }
      let operands = command.operands.isEmpty ? "" : " '*:file:_files'"
      return "    '\(command.name)') _arguments \(options.joined(separator: " "))\(operands) ;;"
    }.joined(separator: "\n")
  }

  /// A summary between single quotes, without what `_arguments` and `_describe` take for theirs.
  private static func zshText(_ text: String) -> String {
    String(
      text.map { character in
        switch character {
        case "'": "’"
        case ":", "[", "]": " "
        default: character
        }
      })
  }
}
