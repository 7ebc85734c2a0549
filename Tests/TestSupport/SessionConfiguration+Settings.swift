// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions

/// The settings of places one by one, for tests that change one thing of a configuration. Setting what the place does not
/// have is a mistake of the test, and stops it; setting nil is none.
extension SessionConfiguration {
    /// Setting a store keeps sessions there, and cookies in the accepted formats move into it.
    package var store: (any SessionStore)? {
        get { self.place.stored?.store }
        set {
            if let newValue, self.place.stored != nil {
                self.place.stored?.store = newValue
            } else if let newValue {
                precondition(self.acceptedStore == nil, "store and acceptedStore do not go together")
                self.place = .stored(in: newValue, accepting: self.acceptedFormats, revocations: self.revocations)
            } else {
                self.place = .cookies(self.format)
            }
        }
    }

    package var format: SessionFormat {
        get { self.place.cookies?.format ?? .sealed }
        set {
            precondition(self.place.cookies != nil, "format is no setting of this place")
            self.place.cookies?.format = newValue
        }
    }

    package var acceptedFormats: [SessionFormat] {
        get { self.place.cookies?.accepted ?? self.place.stored?.accepted ?? [] }
        set {
            precondition(newValue.isEmpty || self.place.provider == nil, "acceptedFormats is no setting of this place")
            self.place.cookies?.accepted = newValue
            self.place.stored?.accepted = newValue
        }
    }

    package var acceptedStore: (any SessionStore)? {
        get { self.place.cookies?.reading?.stored?.store }
        set {
            precondition(newValue == nil || self.place.cookies != nil, "acceptedStore is no setting of this place")
            self.place.cookies?.reading = newValue.map { .stored(in: $0) }
        }
    }

    package var revocations: SessionRevocations? {
        get { self.place.cookies?.revocations ?? self.place.stored?.revocations }
        set {
            precondition(newValue == nil || self.place.provider == nil, "revocations is no setting of this place")
            self.place.cookies?.revocations = newValue
            self.place.stored?.revocations = newValue
        }
    }

    package var encryptsStoredValues: Bool {
        get { self.place.stored?.encryptsValues ?? false }
        set {
            precondition(self.place.stored != nil, "encryptsStoredValues is no setting of this place")
            self.place.stored?.encryptsValues = newValue
        }
    }

    package var storedSizeLimit: Int {
        get { self.place.stored?.sizeLimit ?? 0 }
        set {
            precondition(self.place.stored != nil, "storedSizeLimit is no setting of this place")
            self.place.stored?.sizeLimit = newValue
        }
    }

    package var touchInterval: Duration? {
        get { self.place.stored?.touchInterval }
        set {
            precondition(newValue == nil || self.place.stored != nil, "touchInterval is no setting of this place")
            self.place.stored?.touchInterval = newValue
        }
    }

    package var renewalInterval: Duration? {
        get { self.place.stored?.renewalInterval }
        set {
            precondition(newValue == nil || self.place.stored != nil, "renewalInterval is no setting of this place")
            self.place.stored?.renewalInterval = newValue
        }
    }

    package var sessionLimit: SessionLimit? {
        get { self.place.stored?.sessionLimit }
        set {
            precondition(newValue == nil || self.place.stored != nil, "sessionLimit is no setting of this place")
            self.place.stored?.sessionLimit = newValue
        }
    }

    package var purge: PurgeSchedule {
        get { self.place.stored?.purge ?? PurgeSchedule() }
        set {
            precondition(self.place.stored != nil, "purge is no setting of this place")
            self.place.stored?.purge = newValue
        }
    }
}
