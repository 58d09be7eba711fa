// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Client
import Dispatch
import HTTP
import Testing
import Threads

@Suite("Waiting, slow clients and the end")
struct LifeTests {
  @Test("a full queue is answered 503 with Retry-After")
  func fullQueue() throws {
    let entered = Gate()
    let release = DispatchSemaphore(value: 0)
    let running = try Running([
      Route("GET", "/slow") { _ in
        entered.open()
        release.wait()
        return Response(status: 204)
      }
    ]) {
      $0.workers = 1
      $0.queueLimit = 1
    }
    let url = running.url + "/slow"
    let answers = Seen<Int>()
    let first = Worker(name: "first") { answers.add((try? HTTPClient().get(url))?.status ?? 0) }
    #expect(entered.wait(milliseconds: 5_000))
    let second = Worker(name: "second") { answers.add((try? HTTPClient().get(url))?.status ?? 0) }
    while running.server.statistics.waitingRequests == 0 { _ = Gate().wait(milliseconds: 1) }
    let third = try HTTPClient().get(url)
    #expect(third.status == 503)
    #expect(third.header("retry-after") == "1")
    release.signal()
    release.signal()
    first.join()
    second.join()
    #expect(answers.all == [204, 204])
  }

  @Test("a deferred answer may come later from any thread, and only the first counts")
  func deferredAnswer() throws {
    let second = Seen<Bool>()
    let told = Gate()
    let running = try Running([
      .deferred("POST", "/later", bodyLimit: 10) { request, answer in
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) {
          second.add(answer(Response(type: "text/plain", body: request.body)))
          second.add(answer(Response(status: 400)))
          told.open()
        }
      },
      .deferred("GET", "/now") { _, answer in answer(Response(status: 204)) },
      .deferred("GET", "/never") { _, _ in },
    ])
    let client = try HTTPClient()
    let response = try client.post(running.url + "/later", type: "text/plain", body: [65, 66])
    #expect(response.text == "AB")
    #expect(try client.get(running.url + "/now").status == 204)
    #expect(try client.get(running.url + "/never").status == 500)
    #expect(told.wait(milliseconds: 5_000))
    #expect(second.all == [true, false])
  }

  @Test("a client that leaves before its deferred answer does no harm")
  func clientLeaves() throws {
    let entered = Gate()
    let running = try Running([
      Running.hello,
      .deferred("GET", "/later") { _, answer in
        entered.open()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.1) { answer(Response(status: 200)) }
      },
    ])
    var connection: RawConnection? = try RawConnection(port: running.server.port)
    connection?.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(entered.wait(milliseconds: 5_000))
    connection = nil
    for _ in 1...100 where running.server.statistics.acceptedRequests > 0 {
      _ = Gate().wait(milliseconds: 50)
    }
    #expect(running.server.statistics.acceptedRequests == 0)
    #expect(try HTTPClient().get(running.url + "/hello").text == "hello")
  }

  @Test("stopping finishes what was accepted and refuses what is new")
  func stopFinishes() throws {
    let entered = Gate()
    let release = Gate()
    let running = try Running([
      Running.hello,
      Route("GET", "/slow") { _ in
        entered.open()
        release.wait()
        return Response(type: "text/plain", text: "finished")
      },
    ])
    let server = running.server
    let url = running.url
    let answers = Seen<String>()
    let client = Worker(name: "client") {
      answers.add((try? HTTPClient().get(url + "/slow"))?.text ?? "")
    }
    #expect(entered.wait(milliseconds: 5_000))
    let stopping = Worker(name: "stop") { server.stop(within: 10) }
    _ = Gate().wait(milliseconds: 100)
    #expect(throws: ClientError.self) { try HTTPClient().get(url + "/hello") }
    release.open()
    stopping.join()
    client.join()
    #expect(answers.all == ["finished"])
  }

  @Test("stopping does not wait longer than told; what is not finished is 503")
  func stopGivesUp() throws {
    let entered = Gate()
    let held = Seen<Answer>()
    let running = try Running([
      .deferred("GET", "/stuck") { _, answer in
        held.add(answer)
        entered.open()
      }
    ])
    let url = running.url
    let answers = Seen<Int>()
    let client = Worker(name: "client") {
      answers.add((try? HTTPClient().get(url + "/stuck"))?.status ?? 0)
    }
    #expect(entered.wait(milliseconds: 5_000))
    let time = ContinuousClock().measure { running.server.stop(within: 1) }
    client.join()
    #expect(answers.all == [503])
    #expect(time < .seconds(4))
    #expect(held.all.first?(Response(status: 200)) == false)
  }

  @Test("stopping in the middle of load, with clients that leave, comes to its end")
  func stopUnderLoad() throws {
    for round in 1...5 {
      let running = try Running([
        Route("GET", "/work") { _ in Response(status: 204) },
        .deferred("GET", "/later") { _, answer in
          DispatchQueue.global().async { answer(Response(status: 204)) }
        },
      ]) { $0.workers = 2 }
      let server = running.server
      let port = server.port
      let loaders = (0..<8).map { index in
        Worker(name: "loader-\(index)") {
          for number in 0..<400 {
            guard let connection = try? RawConnection(port: port) else { return }
            let path = (number + index) % 2 == 0 ? "/work" : "/later"
            connection.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            if (number + index) % 3 != 0 { _ = connection.status() }
          }
        }
      }
      _ = Gate().wait(milliseconds: 20 * round)
      let time = ContinuousClock().measure { server.stop(within: 2) }
      #expect(time < .seconds(6))
      for loader in loaders { loader.join() }
      let statistics = server.statistics
      #expect(statistics.openConnections == 0)
      #expect(statistics.acceptedRequests == 0)
    }
  }

  @Test("a client that sends its head too slowly is cut off")
  func slowHead() throws {
    let running = try Running([Running.hello]) {
      $0.handshakeSecondsMax = 1
      $0.headSecondsMax = 1
    }
    let silent = try RawConnection(port: running.server.port)
    #expect(silent.receive() == "")
    let dripping = try RawConnection(port: running.server.port)
    dripping.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
    var drops = 0
    while drops < 100, dripping.send("X-\(drops): y\r\n") {
      drops += 1
      _ = Gate().wait(milliseconds: 100)
    }
    #expect(drops < 100)
    #expect(running.server.statistics.expired == 2)
  }

  @Test("a client that sends its body too slowly is cut off")
  func slowBody() throws {
    let running = try Running([Running.echo]) { $0.bodySecondsMax = 1 }
    let connection = try RawConnection(port: running.server.port)
    connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    var drops = 0
    while drops < 100, connection.send("x") {
      drops += 1
      _ = Gate().wait(milliseconds: 100)
    }
    #expect(drops < 100)
  }

  @Test(
    "an idle connection is closed, so that its client is authenticated again",
    .clause("M8-AppG-renegotiation"))
  func idle() throws {
    let running = try Running([Running.hello]) { $0.idleSecondsMax = 1 }
    let client = try HTTPClient()
    #expect(try client.get(running.url + "/hello").status == 200)
    #expect(try client.get(running.url + "/hello").reusedConnection)
    _ = Gate().wait(milliseconds: 2_500)
    #expect(try !client.get(running.url + "/hello").reusedConnection)
  }

  @Test("one address has no more connections than it may")
  func connectionsPerAddress() throws {
    let running = try Running([Running.hello]) { $0.connectionsPerAddressMax = 2 }
    let first = try RawConnection(port: running.server.port)
    let second = try RawConnection(port: running.server.port)
    let request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    first.send(request)
    second.send(request)
    #expect(first.status() == 200)
    #expect(second.status() == 200)
    let third = try RawConnection(port: running.server.port)
    third.send(request)
    #expect(third.status() == nil)
  }
}
