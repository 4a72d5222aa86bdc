import Testing

@testable import Faults

@Suite("Armed") struct ArmedTests {
    @Test("a seed of its own for each run, space and name, and the same one every time")
    func seeds() {
        var seeds: Set<UInt64> = []
        for seed in [0, 1, 7] as [UInt64] {
            for space in ["default", "a", "ab", ""] {
                for name in ["x", "bx", "slow", ""] {
                    let value = Armed.seed(seed, space: space, name: name)
                    #expect(value == Armed.seed(seed, space: space, name: name))
                    seeds.insert(value)
                }
            }
        }
        #expect(seeds.count == 48)
    }

    @Test("the seeds of a release stay what they are: a plan holds on every machine, in every process")
    func pinned() {
        #expect(Armed.seed(7, space: "default", name: "slow") == 13_829_764_540_701_421_424)
    }
}
