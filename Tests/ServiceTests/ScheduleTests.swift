// SPDX-License-Identifier: Apache-2.0

import DER
import Service
import Testing
import Threads

@Suite("Jobs are asked when their time has come")
struct ScheduleTests {
  private struct Failure: Error {}

  private let now = Guarded(Time(seconds: 1_000_000))
  private let asked = Guarded<[String]>([])
  private let lines = Guarded<[String]>([])

  private func job(_ name: String, every seconds: Int64?) -> Job {
    Job(name) { [asked] moment in
      asked.change { $0.append(name) }
      return seconds.map { moment.adding(seconds: $0) }
    }
  }

  private func schedule(_ jobs: Job...) -> Schedule {
    Schedule(
      jobs, clock: { [now] in now.value },
      log: Log { [lines] line in lines.change { $0.append(line) } })
  }

  private func look(_ schedule: Schedule, after seconds: Int64) -> [String] {
    now.change { $0 = $0.adding(seconds: seconds) }
    asked.change { $0 = [] }
    schedule.look()
    return asked.value
  }

  @Test("all at the first look, then each at its own time")
  func times() {
    let schedule = schedule(job("a", every: nil), job("b", every: 60))
    #expect(look(schedule, after: 0) == ["a", "b"])
    #expect(look(schedule, after: 1) == ["a"])
    #expect(look(schedule, after: 58) == ["a"])
    #expect(look(schedule, after: 1) == ["a", "b"])
  }

  @Test("a clock that was put back has all of them asked")
  func putBack() {
    let schedule = schedule(job("a", every: 3600))
    #expect(look(schedule, after: 0) == ["a"])
    #expect(look(schedule, after: -100_000) == ["a"])
    #expect(look(schedule, after: 1) == [])
  }

  @Test("one that is hurried is asked at the next look, even when it is being asked")
  func hurried() {
    let schedule = schedule(job("a", every: 3600), job("b", every: 3600))
    #expect(look(schedule, after: 0) == ["a", "b"])
    schedule.hurry("b")
    #expect(look(schedule, after: 1) == ["b"])
    #expect(look(schedule, after: 1) == [])

    let own = Guarded<Schedule?>(nil)
    let times = Guarded(0)
    let hurrying = self.schedule(
      Job("c") { moment in
        if times.change({
          $0 += 1; return $0
        }) == 1 {
          own.value?.hurry("c")
        }
        return moment.adding(seconds: 3600)
      })
    own.change { $0 = hurrying }
    hurrying.look()
    hurrying.look()
    hurrying.look()
    #expect(times.value == 2)
    own.change { $0 = nil }
  }

  @Test("one that fails says so once, stops no other, and is asked again")
  func failing() throws {
    let fails = Guarded(true)
    let schedule = schedule(
      Job("a") { moment in
        if fails.value { throw Failure() }
        return moment.adding(seconds: 3600)
      }, job("b", every: nil))
    #expect(look(schedule, after: 0) == ["b"])
    #expect(schedule.standings[0].failure != nil)
    #expect(schedule.standings[0].done == nil)
    _ = look(schedule, after: Schedule.retrySeconds)
    #expect(lines.value.count == 1)
    fails.change { $0 = false }
    _ = look(schedule, after: Schedule.retrySeconds)
    #expect(schedule.standings[0].failure == nil)
    #expect(schedule.standings[0].done == now.value)
  }

  @Test("its thread looks by itself and ends when it is told to")
  func thread() {
    let schedule = schedule(job("a", every: 3600))
    schedule.start()
    #expect(asked.wait { $0.first } == "a")
    schedule.stop()
  }
}
