#include "cache/envelope.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

namespace vt::cache {
namespace {

constexpr std::string_view kMagic = "VTC";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kIsAbsent = 1;
constexpr Nanos kClockDisagreement = std::chrono::seconds{1};

std::uint64_t checksum(std::string_view head, std::string_view payload) {
    return XXH3_64bits_withSeed(payload.data(), payload.size(), XXH3_64bits(head.data(), head.size()));
}

}  // namespace

std::string wire_key(std::string_view key, std::uint32_t schema) {
    const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
    std::string text = "vt:" + std::to_string(schema) + ":";
    for (const std::uint64_t half : {hash.high64, hash.low64})
        for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(half >> shift) & 0xFU];
    return text;
}

std::string seal(std::string_view key, const Value& value, std::uint32_t schema) {
    VT_ASSERT(key.size() <= 0xFFFF);
    const std::string_view payload = value.bytes ? std::string_view(*value.bytes) : std::string_view{};
    std::string out;
    out.reserve(64 + key.size() + payload.size());
    out += kMagic;
    append_little_endian(out, kVersion);
    append_little_endian(out, schema);
    append_little_endian(out, value.bytes ? std::uint8_t{0} : kIsAbsent);
    append_little_endian(out, to_ns(value.made_at));
    append_text<std::uint16_t>(out, key);
    append_little_endian(out, static_cast<std::uint64_t>(payload.size()));
    append_little_endian(out, checksum(out, payload));
    out += payload;
    return out;
}

Result<Value> unseal(std::string_view bytes, std::string_view key, std::uint32_t schema, Timestamp now) {
    ByteReader reader(bytes);
    if (reader.bytes(kMagic.size()) != kMagic) return fail(Errc::malformed, "not a value of this program");
    if (reader.integer<std::uint8_t>() != kVersion) return fail(Errc::unsupported, "another version of the envelope");
    const auto schema_found = reader.integer<std::uint32_t>();
    const auto flags = reader.integer<std::uint8_t>();
    const Timestamp made_at = from_ns(reader.integer<std::int64_t>());
    const std::string_view key_found = reader.text<std::uint16_t>();
    const auto size = reader.integer<std::uint64_t>();
    const std::string_view head = bytes.substr(0, bytes.size() - reader.remaining());
    const auto sum = reader.integer<std::uint64_t>();
    if (!reader.is_intact() || reader.remaining() != size) return fail(Errc::malformed, "truncated, or too long");
    const std::string_view payload = reader.bytes(size);
    if (sum != checksum(head, payload)) return fail(Errc::corrupt, "the checksum does not fit");
    if (schema_found != schema) return fail(Errc::unsupported, "a value of another schema");
    if (key_found != key) return fail(Errc::not_found, "the value of another key");
    if (flags > kIsAbsent || (flags == kIsAbsent && size > 0)) return fail(Errc::malformed, "unknown flags");
    if (made_at > now + kClockDisagreement) return fail(Errc::out_of_range, "made in the future: check the clocks");
    return Value{.bytes = flags == kIsAbsent ? nullptr : shared_bytes(std::string(payload)),
                 .made_at = std::min(made_at, now)};
}

}  // namespace vt::cache
