// SPDX-License-Identifier: Apache-2.0

package import SEC

/// C3-200: how Meter Operators and Meter Asset Managers reach the DCC's services, as an estate has
/// chosen.
package enum AgentOption: Int, Hashable, Sendable, CaseIterable {
  /// C3-200-1: not at all; Suppliers act for themselves.
  case none = 1
  /// C3-200-2: diagnostics as the agent of a Supplier, everything else as a Party.
  case mixed = 2
  /// C3-200-3: as a Party in a category of its own; a Supplier answers for diagnostics.
  case ownCategory = 3
}

/// C3-197: the kinds of service that agents need.
package enum AgentService: String, Hashable, Sendable, CaseIterable {
  /// C3-197-1: reads a meter point for the Supplier who is registered for it.
  case diagnostic
  /// C3-197-2: for no Supplier in particular.
  case installer
  /// C3-197-3: SMKI Services at manufacture, before the Supplier is known.
  case procurement
}

/// C3-205: a Service Request that a Supplier Nominated Agent may send.
package struct AgentRequest: Hashable, Sendable {
  /// The number of the Service Request, such as `6.2`; `SMKI` for a Device Certificate.
  package let number: String
  package let title: String
  package let service: AgentService

  /// C3-205-1 to C3-205-7, and C3-197-3: the whole list; nothing else is an agent's.
  package static let all = [
    AgentRequest(number: "6.2", title: "Read Device Configuration", service: .diagnostic),
    AgentRequest(number: "6.13", title: "Read Event or Security Log", service: .diagnostic),
    AgentRequest(number: "7.4", title: "Read Supply Status", service: .diagnostic),
    AgentRequest(number: "8.2", title: "Read Inventory", service: .diagnostic),
    AgentRequest(number: "11.2", title: "Read Firmware Version", service: .diagnostic),
    AgentRequest(number: "12.1", title: "Request WAN Matrix", service: .installer),
    AgentRequest(number: "12.2", title: "Device Pre-notification", service: .installer),
    AgentRequest(number: "SMKI", title: "Device Certificate", service: .procurement),
  ]

  /// C3-200: whether an agent may send a request under an option.
  ///
  /// - Parameters:
  ///   - number: the number of the Service Request, or `SMKI`.
  ///   - membership: the agent's.
  ///   - option: what the estate has chosen.
  ///   - supplier: the Supplier of the meter, for diagnostics.
  /// - Throws: `agent-option`, `agent-request`, `agent-supplier`.
  package static func check(
    _ number: String, by membership: Membership, under option: AgentOption, for supplier: String?
  ) throws(Refusal) {
    guard option != .none else { throw .agentOption(option) }
    guard let request = all.first(where: { $0.number == number }) else {
      throw .agentRequest(number)
    }
    guard request.service == .diagnostic else { return }
    guard let supplier, membership.nominators.contains(supplier) else {
      throw .agentSupplier(supplier, membership)
    }
  }
}
