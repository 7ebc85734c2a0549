// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SignedInDevices {
    /// The texts of the page, in English unless they are replaced.
    ///
    /// ```swift
    /// var texts = SignedInDevices.Texts()
    /// texts.language = "de"
    /// texts.title = "Wo Sie angemeldet sind"
    /// texts.signOut = "Abmelden"
    /// texts.signOutDevice = { device in "Abmelden: \(device)" }
    /// ```
    ///
    /// All of them are plain text, which the page escapes.
    public struct Texts: Sendable {
        /// The language of the texts, as HTML's `lang` takes it (BCP 47).
        public var language = "en"
        /// Whether the language is written from right to left.
        public var isRightToLeft = false
        /// The title of the window and the first heading.
        public var title = "Where you are signed in"
        /// What stands above the list.
        public var introduction =
            "If you do not know one of these devices, sign it out, and then change your password."
        /// Stands above the list where there are more sessions than it has, of which the number is not known.
        public var some: @Sendable (_ count: String) -> String = {
            """
            \($0) of your sign-ins are shown. There are more, and some of those may have been used later. The last button of \
            this page signs them out too.
            """
        }
        /// Marks the device on which the page is shown.
        public var thisDevice = "This device"
        /// A device that has sent no name.
        public var unknownDevice = "Unknown device"
        /// What the time of the sign-in, or of the last step-up, is called.
        public var signedIn = "Signed in"
        /// What the time of the last use is called.
        public var lastUsed = "Last used"
        /// The button that ends one session, as it is seen.
        public var signOut = "Sign out"
        /// The same button, as a screen reader says it, for the device with this name. Let it begin with ``signOut``: a
        /// visitor who speaks to the browser says what they see (WCAG 2.2, 2.5.3).
        public var signOutDevice: @Sendable (_ device: String) -> String = { "Sign out \($0)" }
        /// The button that ends all other sessions.
        public var signOutOthers = "Sign out all other devices"
        /// Stands in the place of that button where there is no other session.
        public var onlyThisDevice = "You are signed in on no other device."
        /// Stands in the place of the list at a site that has none, because its sessions are in cookies.
        public var noList = "This site keeps no list of the devices on which you are signed in."
        /// The message after the end of a session, for the device with this name.
        public var deviceSignedOut: @Sendable (_ device: String) -> String = { "Signed out: \($0)." }
        /// The message where that session had ended before, or never was.
        public var deviceNotFound = "That device was not signed in any more."
        /// The message after the end of all other sessions.
        public var othersSignedOut = "All other devices are signed out."
        /// A time for people, such as "5 minutes ago".
        ///
        /// A page without JavaScript does not know the visitor's time zone: a distance is the same in all of them.
        public var time: @Sendable (_ date: Date, _ now: Date) -> String = { ReadableTime.english($0, now: $1) }

        /// The English texts.
        public init() {}

        /// The name of a device.
        func name(of device: SessionSummary) -> String { device.deviceLabel ?? self.unknownDevice }
    }
}
