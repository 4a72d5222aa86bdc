import JSON
import Runtime

/// Security Token Service: who am I?
extension Neighbour {
    static let sts = Neighbour(
        service: "sts", window: 900, wire: .query(version: "2011-06-15"),
        operations: [Operation("GetCallerIdentity", identity)])

    private static func identity(_ call: borrowing NeighbourCall) -> NeighbourResult {
        let account = call.world.account
        guard let caller = call.caller else {
            return .told(told("arn:aws:iam::\(account):root", account, userID: account))
        }
        let arn = CallerARN.text(accessKeyId: caller.accessKeyId, isTemporary: caller.isTemporary, account: account)
        // A role's id comes before the name of its session; a user's is a word of its own.
        let userID = caller.isTemporary ? "AROAUNDERSTUDY000001:\(caller.accessKeyId)" : "AIDAUNDERSTUDY000001"
        return .told(told(arn, account, userID: userID))
    }

    private static func told(_ arn: String, _ account: String, userID: String) -> Value {
        ["Arn": .string(arn), "UserId": .string(userID), "Account": .string(account)]
    }
}
