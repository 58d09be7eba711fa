// SPDX-License-Identifier: Apache-2.0

extension Command {
  static let completion = Command(
    name: "completion", summary: "print what a shell needs to complete commands",
    operands: [Operand(name: "bash|zsh", summary: "the shell")],
    example: "source <(smki completion bash)"
  ) { invocation in
    switch invocation.operands[0] {
    case "bash": Terminal.print(Completion.bash)
    case "zsh": Terminal.print(Completion.zsh)
    default: throw UsageError("bash or zsh, not \(invocation.operands[0])", invocation.command)
    }
    return .done
  }

  static let manual = Command(
    name: "man", summary: "print the manual page", notes: "It is roff, for man or groff.",
    example: "smki man | man -l -"
  ) { _ in
    Terminal.print(ManualPage.text)
    return .done
  }
}
