// SPDX-License-Identifier: Apache-2.0

package import DER
import Threads

/// The jobs of a node, asked one after the other by one thread whenever their time has come.
///
/// Checkpoints of the audit have a thread of their own (`Checkpoints`): no job may hold them up.
package final class Schedule: Sendable {
  /// Seconds between looks at the clock.
  package static let lookSeconds = 1
  /// Seconds after which a job that failed is asked again.
  package static let retrySeconds: Int64 = 10

  /// How a job stands.
  package struct Standing: Sendable {
    /// The name of the job.
    package let name: String
    /// When it last did what was due without failing, or nil when it never did.
    package var done: Time?
    /// When it is asked again; nil at the next look.
    package var next: Time?
    /// Why it failed when it was last asked, or nil when it did not.
    package var failure: String?
    /// Whether somebody wants it asked again although it is being asked.
    var isHurried = false
  }

  private struct State {
    var standings: [Standing]
    var lastLook: Time?
    var running: (worker: Worker, end: Gate)?
  }

  private let jobs: [Job]
  private let clock: @Sendable () -> Time
  private let log: Log
  private let restSecondsMax: Int64?
  private let leads: @Sendable () throws -> Bool
  private let state: Guarded<State>
  /// Held while jobs are asked, so that a test or a command and the thread never ask at once.
  private let isAsking = Guarded(false)

  /// A schedule of jobs; the first look asks all of them.
  ///
  /// - Parameters:
  ///   - jobs: each with a name of its own.
  ///   - clock: tells the time.
  ///   - log: is told of failures.
  ///   - restSecondsMax: seconds after which a job is asked again at the latest that another node
  ///     may have made due; nil where there is none.
  ///   - leads: whether this node does what one does for all.
  package init(
    _ jobs: [Job], clock: @escaping @Sendable () -> Time, log: Log, restSecondsMax: Int64? = nil,
    leads: @escaping @Sendable () throws -> Bool = { true }
  ) {
    precondition(Set(jobs.map(\.name)).count == jobs.count, "the names of jobs are unique")
    self.jobs = jobs
    self.clock = clock
    self.log = log
    self.restSecondsMax = restSecondsMax
    self.leads = leads
    state = Guarded(State(standings: jobs.map { Standing(name: $0.name) }))
  }

  /// How each job stands, in the order in which they are asked.
  package var standings: [Standing] { state.change { $0.standings } }

  /// Looks now, and then again and again until it is stopped.
  package func start() {
    let end = Gate()
    let worker = Worker(name: "jobs") { [self] in
      repeat { look() } while !end.wait(milliseconds: Self.lookSeconds * 1000)
    }
    state.change { $0.running = (worker, end) }
  }

  /// Ends after the job that is under way.
  package func stop() {
    let running = state.change { state in
      defer { state.running = nil }
      return state.running
    }
    running?.end.open()
    running?.worker.join()
  }

  /// Has a job asked at the next look, whenever it wanted to be asked.
  package func hurry(_ name: String) {
    state.change { state in
      for index in state.standings.indices where state.standings[index].name == name {
        state.standings[index].next = nil
        state.standings[index].isHurried = true
      }
    }
  }

  /// Asks each job whose time has come.
  ///
  /// When the clock was put back every job is asked: what it said of the future no longer holds.
  package func look() {
    _ = isAsking.wait { isAsking -> Bool? in
      guard !isAsking else { return nil }
      isAsking = true
      return true
    }
    defer { isAsking.change { $0 = false } }
    let moment = clock()
    let due = state.change { state in
      defer { state.lastLook = moment }
      let isBack = state.lastLook.map { moment < $0 } ?? false
      return state.standings.indices.filter { index in
        isBack || state.standings[index].next.map { $0 <= moment } ?? true
      }
    }
    guard !due.isEmpty else { return }
    // A store that cannot be asked has nobody who leads; what is due stays due.
    let isLeading = (try? leads()) ?? false
    for index in due where isLeading || jobs[index].isOfEachNode { ask(index, at: moment) }
  }

  private func ask(_ index: Int, at moment: Time) {
    let job = jobs[index]
    state.change { $0.standings[index].isHurried = false }
    do {
      let latest = job.isDueByOthers ? restSecondsMax.map { moment.adding(seconds: $0) } : nil
      let next = try job.run(moment).map { min($0, latest ?? $0) }
      state.change {
        $0.standings[index].done = moment
        $0.standings[index].next = $0.standings[index].isHurried ? nil : next
        $0.standings[index].failure = nil
      }
    } catch {
      let reason = "\(error)"
      let isNews = state.change { state in
        defer {
          state.standings[index].failure = reason
          state.standings[index].next = moment.adding(seconds: Self.retrySeconds)
        }
        return state.standings[index].failure != reason
      }
      if isNews { log(.error, "job-failed", ["job": job.name, "error": reason]) }
    }
  }
}
