#include "runtime/warm_state.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "demo/journal_recording.hpp"
#include "demo/roster.hpp"
#include "runtime/bundled_warm_file.hpp"
#include "runtime/virtual_venue.hpp"
#include "storage/compression.hpp"

namespace vt::runtime {
namespace {

constexpr std::string_view kMagic = "VTWARM1\n";
constexpr std::uint64_t kMaxStateBytes = std::uint64_t{64} << 20U;
constexpr int kCompressionLevel = 19;

}  // namespace

Result<demo::StreamParams> warm_market() {
    demo::StreamParams market{.seed = 1, .start = kWarmMarketStart};
    VT_TRY(market.recording, demo::bundled_recording());
    market.generated = demo::generated_symbols();
    // What is planted shows after the start of a session, not in its past.
    market.truths_after = std::chrono::hours{24 * 365};
    return market;
}

WarmState make_warm_state(const engine::Params& params, const demo::StreamParams& market, std::uint32_t hours) {
    VirtualVenue venue(params, market);
    venue.start();
    WarmState warm{.state = {}, .end = market.start + std::chrono::hours{hours}};
    // A second beyond the end, so that the last minute is closed.
    venue.advance_to(warm.end + std::chrono::milliseconds{1500});
    venue.engine().save(warm.state);
    return warm;
}

std::string encode_warm_state(const WarmState& warm) {
    std::string bytes(kMagic);
    append_little_endian(bytes, to_ns(warm.end));
    append_little_endian(bytes, static_cast<std::uint64_t>(warm.state.size()));
    storage::Compressor(kCompressionLevel).compress(warm.state, bytes);
    return bytes;
}

Result<WarmState> decode_warm_state(std::string_view bytes) {
    if (!bytes.starts_with(kMagic)) return fail(Errc::unsupported, "this is not a warm state (VTWARM1)");
    ByteReader in(bytes.substr(kMagic.size()));
    WarmState warm{.state = {}, .end = from_ns(in.integer<std::int64_t>())};
    const auto size = in.integer<std::uint64_t>();
    if (!in.is_intact() || size > kMaxStateBytes) return fail(Errc::corrupt, "the warm state is cut short");
    if (auto done =
            storage::Decompressor().decompress(in.bytes(in.remaining()), static_cast<std::size_t>(size), warm.state);
        !done) {
        return tl::unexpected(done.error());
    }
    return warm;
}

WarmState bundled_warm_state() {
    auto warm = decode_warm_state(bundled_warm_file());
    VT_ASSERT(warm.has_value());  // a test reads it
    return std::move(*warm);
}

}  // namespace vt::runtime
