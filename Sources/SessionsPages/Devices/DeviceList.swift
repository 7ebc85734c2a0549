// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The user's devices as markup: a list, each with a form that ends its session, and a form that ends all others.
struct DeviceList {
    /// The sessions; nil where no list of them exists.
    let devices: UserSessions?
    /// The session in which the page is shown.
    let own: SessionID?
    let canEndOthers: Bool
    let token: String
    let now: Date
    let texts: SignedInDevices.Texts

    /// The field that names the session to end.
    static let deviceField = "device"
    /// The field that ends all other sessions.
    static let othersField = "others"

    /// All of it.
    var html: HTML {
        guard let devices else { return "<p>\(self.texts.noList)</p>\n\(self.others)" }
        let some = devices.hasMore ? HTML("<p>\(self.texts.some("\(devices.shown.count)"))</p>\n") : HTML()
        let ordered = devices.shown.filter(self.isOwn) + devices.shown.filter { !self.isOwn($0) }
        return """
            <p>\(self.texts.introduction)</p>
            \(some)<ul class="devices" role="list">
            \(ordered.map(self.item))</ul>
            \(self.others)
            """
    }

    private func isOwn(_ device: SessionSummary) -> Bool { device.id == self.own }

    private func item(_ device: SessionSummary) -> HTML {
        let isOwn = self.isOwn(device)
        return """
            <li\(isOwn ? HTML(" class=\"current\"") : nil)>
            <div class="device">
            <h2>\(self.texts.name(of: device))</h2>
            \(isOwn ? HTML("<p class=\"here\">\(self.texts.thisDevice)</p>\n") : nil)<dl id="times-\(device.id)">
            <div><dt>\(self.texts.signedIn)</dt> <dd>\(self.time(device.createdAt))</dd></div>
            <div><dt>\(self.texts.lastUsed)</dt> <dd>\(self.time(device.lastUsedAt))</dd></div>
            </dl>
            </div>
            \(isOwn ? nil : self.form(device))</li>

            """
    }

    private func form(_ device: SessionSummary) -> HTML {
        // Two devices may have one name: their times tell a screen reader's user which is which.
        """
        <form method="post">\(self.tokenField)
        <button name="\(Self.deviceField)" value="\(device.id)" aria-describedby="times-\(device.id)" \
        aria-label="\(self.texts.signOutDevice(self.texts.name(of: device)))">\(self.texts.signOut)</button>
        </form>

        """
    }

    private var others: HTML {
        guard self.canEndOthers else {
            return self.devices == nil ? HTML() : "<p>\(self.texts.onlyThisDevice)</p>"
        }
        return """
            <form class="others" method="post">\(self.tokenField)
            <button name="\(Self.othersField)" value="1">\(self.texts.signOutOthers)</button>
            </form>
            """
    }

    private var tokenField: HTML {
        "<input type=\"hidden\" name=\"\(CrossSiteGuard.fieldName)\" value=\"\(self.token)\">"
    }

    private func time(_ date: Date) -> HTML {
        let text = self.texts.time(date, self.now)
        guard let machine = ReadableTime.machine(date) else { return escape(text) }
        return "<time datetime=\"\(machine)\">\(text)</time>"
    }
}
