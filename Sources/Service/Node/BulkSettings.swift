// SPDX-License-Identifier: Apache-2.0

package import Repository

extension Configuration {
  /// MP147-bulk: how the bulk files are made; the numbers that MP147 does not have are [assumed].
  package struct Bulk: Codable, Sendable {
    /// Where they are, one place for all nodes of a store; nil is `bulk` in the estate's folder.
    package var folder: String?
    /// Certificates of a segment.
    package var segmentCertificates = BulkMaker.Rules().segmentCertificates
    /// Days from one full extract to the next.
    package var fullEveryDays = BulkMaker.Rules().fullEveryDays
    /// How many deltas and full extracts are kept.
    package var deltasKept = BulkMaker.Rules().deltasKept
    package var fullsKept = BulkMaker.Rules().fullsKept
    /// Seconds after which what was lodged goes into the files.
    package var settleSeconds = BulkMaker.Rules().settleSeconds

    /// The usual files.
    package init() {}

    /// Reads what is there; other settings have their defaults.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
        try values.decodeIfPresent(Value.self, forKey: key) ?? usual
      }
      folder = try values.decodeIfPresent(String.self, forKey: .folder)
      segmentCertificates = try value(.segmentCertificates, segmentCertificates)
      fullEveryDays = try value(.fullEveryDays, fullEveryDays)
      deltasKept = try value(.deltasKept, deltasKept)
      fullsKept = try value(.fullsKept, fullsKept)
      settleSeconds = try value(.settleSeconds, settleSeconds)
    }

    /// The same for who makes them; at least one of everything.
    package var rules: BulkMaker.Rules {
      var rules = BulkMaker.Rules()
      rules.segmentCertificates = max(1, segmentCertificates)
      rules.fullEveryDays = max(1, fullEveryDays)
      rules.deltasKept = max(1, deltasKept)
      rules.fullsKept = max(1, fullsKept)
      rules.settleSeconds = max(0, settleSeconds)
      return rules
    }
  }
}
