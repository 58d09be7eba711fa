// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("TLS certificates of the DCCKI, from the request to a connection")
struct ConnectionTests {
  private static func request(_ name: String, _ organisation: String, _ host: String) -> String {
    """
    openssl req -new -newkey rsa:2048 -nodes -keyout \(name).key -out \(name).csr \
      -subj '/O=\(organisation)/OU=02/CN=\(name)' -addext 'subjectAltName=DNS:\(host)' \
      -addext 'keyUsage=critical,digitalSignature' 2>/dev/null
    """
  }

  @Test(
    "two officers issue both ends, openssl connects them, and refuses the one that is revoked",
    .clause("ENG-dccki-tls", "RAPP-two-people", "C3-124-3", "OCP-annex-B-arl"))
  func connection() throws {
    let estate = try OwnEstate()
    func smki(_ line: String) throws -> Program.Outcome {
      try Program.shell("'\(Program.path)' \(line) --estate var", in: estate.place)
    }
    let made = try Program.shell(
      Self.request("dcc", "Example Electricity Ltd", "dcc.example") + "\n"
        + Self.request("user", "Example Gas Ltd", "user.example") + "\n"
        + Self.request("wild", "Example Gas Ltd", "*.example"), in: estate.place)
    #expect(made.code == 0, "\(made.errors)")
    let wild = try smki("dccki request --party example-gas --csr wild.csr")
    #expect(wild.code == 1 && wild.errors.contains("connection-names"))
    let foreign = try smki("dccki request --party example-gas --csr dcc.csr")
    #expect(foreign.code == 1 && foreign.errors.contains("credential-organisation"))
    for (number, party, name) in [(1, "example-electricity", "dcc"), (2, "example-gas", "user")] {
      #expect(try smki("dccki request --party \(party) --csr \(name).csr").code == 0)
      let own = try smki("dccki approve \(number) --out \(name).pem")
      #expect(own.code == 1 && own.errors.contains("connection-same-officer"))
      let other = try smki("dccki approve \(number) --as second-officer --out \(name).pem")
      #expect(other.code == 0, "\(other.errors)")
      let again = try smki("dccki approve \(number) --as second-officer")
      #expect(again.errors.contains("connection-decided"))
    }
    #expect(try smki("dccki request --party example-gas --csr user.csr").code == 0)
    let refused = try smki("dccki refuse 3 --as second-officer --reason 'once is enough'")
    #expect(refused.code == 0, "\(refused.errors)")
    let listed = try smki("dccki list")
    #expect(listed.output.contains("dcc.example") && listed.output.contains("refused"))
    #expect(try smki("crl publish").code == 0)
    let connected = try Program.shell(Self.connect(estate.ports[0]), in: estate.place)
    #expect(connected.code == 0, "\(connected.output)\(connected.errors)")
    #expect(connected.output.contains("Verify return code: 0 (ok)"))
    #expect(connected.output.contains("user.pem: OK"))
    let serial = try Program.shell(
      "openssl x509 -in user.pem -noout -serial | cut -d = -f 2", in: estate.place)
    let order = try smki(
      "revoke order --serial \(serial.output.split(separator: "\n")[0]) --decision 'PMA 1' "
        + "--evidence minutes")
    #expect(order.code == 0, "\(order.errors)")
    let after = try Program.shell(Self.lists + Self.verify("user"), in: estate.place)
    #expect(after.code != 0 && "\(after.output)\(after.errors)".contains("certificate revoked"))
    let left = try Program.shell(Self.lists + Self.verify("dcc"), in: estate.place)
    #expect(left.code == 0, "\(left.errors)")
    let verified = try smki("verify")
    #expect(verified.code == 0, "\(verified.output)")
  }

  /// The lists of the root and of the issuing authority, in one file.
  private static let lists = """
    rm -f issuing.crl
    '\(Program.path)' crl show 'TDCCKI issuing 01' --out issuing.crl --estate var >/dev/null
    (openssl crl -inform DER -in issuing.crl; cat var/authorities/arl-dccki.pem) >lists.pem

    """

  private static func verify(_ name: String) -> String {
    """
    openssl verify -crl_check_all -x509_strict -CAfile var/authorities/root-dccki.pem \
      -untrusted var/authorities/issuing-dccki.pem -CRLfile lists.pem \(name).pem
    """
  }

  /// Both ends show their certificates and look at each other's, host name and lists included.
  private static func connect(_ port: UInt16) -> String {
    """
    \(lists)\(verify("user"))
    issuing=var/authorities/issuing-dccki.pem
    # The option for a list takes one only; a folder has as many as are needed.
    mkdir trusted
    cp var/authorities/root-dccki.pem trusted/root.pem
    cp var/authorities/arl-dccki.pem trusted/root-list.pem
    openssl crl -inform DER -in issuing.crl -out trusted/issuing-list.pem
    openssl rehash trusted
    trust="-CApath trusted -crl_check_all -verify_return_error"
    openssl s_server -accept 127.0.0.1:\(port) -cert dcc.pem -key dcc.key -cert_chain $issuing \
      $trust -Verify 2 -www </dev/null >server.log 2>&1 &
    server=$!
    # Processes of the tests begin with SIGTERM blocked.
    trap 'kill -9 $server' EXIT
    for try in $(seq 300); do
      grep -q ACCEPT server.log && break
      sleep 0.1
    done
    timeout 60 openssl s_client -connect 127.0.0.1:\(port) -cert user.pem -key user.key \
      -cert_chain $issuing $trust -verify_hostname dcc.example </dev/null
    """
  }
}
