// SPDX-License-Identifier: Apache-2.0
import Foundation
@main
struct SMKI {
  static func main() throws {
    let n = Int(CommandLine.arguments.dropFirst().first ?? "20000") ?? 20000
    let limit = try PhysicalLimit.measure(seconds: 2)
    print("limit", limit)
    let path = "/tmp/bench-estate-\(ProcessInfo.processInfo.processIdentifier)"
    let estate = try BenchEstate(at: path)
    defer { estate.remove() }
    var first = 0
    let w = CommandLine.arguments.count > 2 ? [Int(CommandLine.arguments[2])!] : [32]
    for waiting in w {
      for lanes in [2, 4, 6, 8, 12] {
      let count = waiting == 1 ? n / 5 : n
      let requests = try RequestForge.make(count, from: first)
      first += count
      var u0 = rusage(); _ = unsafe getrusage(0, &u0)
      let rate = try IssuingRate.measure(in: estate, requests: requests, waiting: waiting, lanes: lanes)
      var u1 = rusage(); _ = unsafe getrusage(0, &u1)
      func us(_ t: timeval) -> Double { Double(t.tv_sec) * 1e6 + Double(t.tv_usec) }
      print("cpu us/cert user", (us(u1.ru_utime) - us(u0.ru_utime)) / Double(count), "sys", (us(u1.ru_stime) - us(u0.ru_stime)) / Double(count), "ctx", (u1.ru_nvcsw - u0.ru_nvcsw)/count)
      print("waiting", waiting, "lanes", lanes, "rate", Int(rate))
      }
    }
  }
}
