import Time

/// How long a refused caller is asked to wait, in the fields that clients read: most read `Retry-After`; botocore since
/// 1.44 and most AWS SDKs read `x-amz-retry-after`, in milliseconds, and not the other. Refusals of access never carry
/// them, as some clients retry whatever does.
package struct RetryHint: Equatable, Sendable {
    package let fields: [(name: String, value: String)]

    package init(after duration: Duration) {
        // RFC 9110 10.2.3: "delay-seconds = 1*DIGIT". A duration is rounded up to them.
        let seconds = duration.nanoseconds / 1_000_000_000 + (duration.nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
        fields = [
            ("Retry-After", String(seconds)), ("x-amz-retry-after", String(duration.nanoseconds / 1_000_000)),
        ]
    }

    package static func == (left: RetryHint, right: RetryHint) -> Bool {
        left.fields.map(\.value) == right.fields.map(\.value)
    }
}
