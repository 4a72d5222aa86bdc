import Redaction
import Store

extension Command {
    static let redact = Command(
        name: "redact", usage: "redact FILE.sqlite [options]",
        summary: "removes secrets from a recording in place",
        notes: """
            What is found becomes [KIND-N], the same for the same secret in the whole file, and nothing of it stays in
            the file's free pages. Then another look, by other code, says whether one is left: exit 1 if so. Agents,
            credentials and users of the file stay as they are: a recording is replayed under them.
            """,
        options: RecordingPlan.redaction
    ) { (arguments, console) throws(Failure) in
        guard arguments.words.count == 1, let path = arguments.words.first else { throw .usage("name one recording") }
        let rules = try RecordingPlan.rules(arguments)
        let key = PseudonymKey.load()
        let (calls, redactor, withheld): (Int, Redactor, [String])
        let left: [FinalScan.Remainder]
        let progress = ProgressLine(console)
        defer { progress.hide() }
        do throws(DatabaseError) {
            progress.begin("redacting \(path)", "reading")
            (calls, redactor, withheld) = try RecordingCleaning.clean(path, progress: { progress.reached($0, of: $1) })
            {
                entries in
                Redactor(rules: rules, pseudonyms: Pseudonyms(key: key, entries: entries))
            }
            progress.begin("looking for what is left in \(path)", of: calls)
            left = try RecordingScan.remainders(
                in: path, rules: rules, known: redactor.known, scanned: { progress.reached($0, of: $1) })
        } catch {
            throw Failure(error)
        }
        progress.hide()
        let replaced = Spelling.count(redactor.pseudonyms.replaced, "secret")
        let exit = try (left.isEmpty ? Exit.good : .verdictFailed).evenUnread { () throws(Failure) in
            try console.print("\(path): \(replaced) replaced in \(Spelling.count(calls, "recorded call"))")
        }
        for reason in withheld {
            console.complain("\(path): \(reason), cannot be looked through: [encoded-…] is in its place")
        }
        for remainder in left { console.complain("\(path): still holds a secret: \(remainder)") }
        return exit
    }
}
