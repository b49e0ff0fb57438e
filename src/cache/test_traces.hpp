#pragma once

#include "base/prng.hpp"
#include "cache/zipf_keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vt::cache {

/// Requests in order, each the number of a key.
struct Trace {
    std::string_view name;
    std::vector<std::uint32_t> keys;
};

/// The same keys again and again, some much more often than others.
[[nodiscard]] inline Trace zipf_trace(std::string_view name, std::uint32_t keys, double exponent,
                                      std::size_t length) {
    Prng prng(1, name);
    const ZipfKeys zipf(keys, exponent);
    Trace trace{.name = name, .keys = {}};
    while (trace.keys.size() < length) trace.keys.push_back(zipf.draw(prng));
    return trace;
}

/// As a Zipf trace, but each 10,000 requests are followed by a walk over 2,500 keys that nobody asks for again: what
/// a crawler or an export of history does.
[[nodiscard]] inline Trace scan_trace(std::size_t length) {
    Prng prng(1, "scan");
    const ZipfKeys zipf(10'000, 0.99);
    Trace trace{.name = "scan_mixed", .keys = {}};
    std::uint32_t fresh = 1'000'000;
    while (trace.keys.size() < length) {
        for (int i = 0; i < 10'000; ++i) trace.keys.push_back(zipf.draw(prng));
        for (int i = 0; i < 2'500; ++i) trace.keys.push_back(fresh++);
    }
    return trace;
}

/// As a Zipf trace, but what is popular changes every 50,000 requests by a tenth of the keys: symbols come into
/// fashion.
[[nodiscard]] inline Trace shifting_trace(std::size_t length) {
    Prng prng(1, "shifting");
    const ZipfKeys zipf(10'000, 0.99);
    Trace trace{.name = "shifting", .keys = {}};
    std::uint32_t shift = 0;
    while (trace.keys.size() < length) {
        for (int i = 0; i < 50'000; ++i) trace.keys.push_back((zipf.draw(prng) * 7'919U + shift) % 10'000U);
        shift += 1'000;
    }
    return trace;
}

[[nodiscard]] inline std::vector<Trace> all_traces() {
    constexpr std::size_t kLength = 1'000'000;
    return {zipf_trace("zipf_099_10k", 10'000, 0.99, kLength), zipf_trace("zipf_080_10k", 10'000, 0.80, kLength),
            zipf_trace("zipf_099_100k", 100'000, 0.99, kLength), scan_trace(kLength), shifting_trace(kLength)};
}

}  // namespace vt::cache
