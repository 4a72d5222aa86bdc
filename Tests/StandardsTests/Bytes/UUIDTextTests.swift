import Bytes
import Testing

@Suite("UUID") struct UUIDTextTests {
    @Test("the version is 4 and the variant 10, whatever bits were drawn")
    func versionAndVariant() {
        #expect(UUIDText.version4(0, 0) == "00000000-0000-4000-8000-000000000000")
        #expect(UUIDText.version4(.max, .max) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(
            UUIDText.version4(0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF) == "01234567-89ab-4def-8123-456789abcdef")
    }
}
