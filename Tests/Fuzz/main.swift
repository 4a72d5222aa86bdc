import Glibc

// libFuzzer, for the reader that `FUZZ_TARGET` names. A crash, a broken promise, a hang or too much memory is a find.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// One input. libFuzzer's own `main`, which may be the one that is linked, looks for it by this name.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosenReader?(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

guard chosenReader != nil else {
    print("fuzz: set FUZZ_TARGET to one of \(readers.keys.sorted())")
    exit(2)
}

var count = CommandLine.argc
var words = CommandLine.unsafeArgv
exit(runDriver(&count, &words, testOneInput))
