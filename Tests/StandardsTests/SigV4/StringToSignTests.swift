import Bytes
import SigV4
import Testing

@Suite("StringToSign") struct StringToSignTests {
    @Test("four lines, and what was there before is gone")
    func lines() {
        var text = Array("before".utf8)
        StringToSign.write(
            timestamp: Array("20150830T123600Z".utf8)[...],
            scope: Array("20150830/us-east-1/iam/aws4_request".utf8)[...], digest: [0xAB, 0x01], into: &text)
        #expect(
            String(lossy: text) == "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\nab01")
    }
}
