#include "login/totp.hpp"

#include "login/secrets.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>

namespace vt::login {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

}  // namespace

std::int64_t totp_step(Timestamp at) { return to_ms(at) / 1000 / kTotpStepSeconds; }

std::string totp_code(std::string_view key, std::int64_t step, std::uint32_t digits) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[7 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(), &size);
    const std::size_t offset = mac[size - 1] & 0x0FU;
    const std::uint32_t number = (static_cast<std::uint32_t>(mac[offset] & 0x7FU) << 24U) |
                                 (static_cast<std::uint32_t>(mac[offset + 1]) << 16U) |
                                 (static_cast<std::uint32_t>(mac[offset + 2]) << 8U) | mac[offset + 3];
    std::uint32_t left = number;
    std::string code(digits, '0');
    for (std::size_t i = digits; i-- > 0; left /= 10) code[i] = static_cast<char>('0' + left % 10);
    return code;
}

std::optional<std::int64_t> accept_totp(std::string_view key, std::string_view code, Timestamp now,
                                        std::int64_t last_used) {
    const std::int64_t current = totp_step(now);
    std::optional<std::int64_t> accepted;
    // All are compared, whichever fits: the time tells nothing.
    for (std::int64_t step = current - kTotpSlackSteps; step <= current + kTotpSlackSteps; ++step) {
        if (equal_in_constant_time(totp_code(key, step), code) && step > last_used) accepted = step;
    }
    return accepted;
}

std::string base32(std::string_view bytes) {
    std::string text;
    std::uint32_t held = 0;
    std::uint32_t bits = 0;
    for (const char byte : bytes) {
        held = ((held << 8U) | static_cast<unsigned char>(byte)) & 0xFFFFU;
        for (bits += 8; bits >= 5; bits -= 5) text += kBase32[(held >> (bits - 5)) & 31U];
    }
    if (bits > 0) text += kBase32[(held << (5 - bits)) & 31U];
    return text;
}

std::optional<std::string> from_base32(std::string_view text) {
    std::string bytes;
    std::uint32_t held = 0;
    std::uint32_t bits = 0;
    for (const char c : text) {
        if (c == ' ' || c == '=') continue;
        const std::size_t value = kBase32.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
        if (value == std::string_view::npos) return std::nullopt;
        held = ((held << 5U) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((held >> bits) & 0xFFU);
    }
    return bytes;
}

std::string totp_address(std::string_view user, std::string_view secret_base32) {
    return "otpauth://totp/Virtuoso:" + std::string(user) + "?secret=" + std::string(secret_base32) +
           "&issuer=Virtuoso&algorithm=SHA1&digits=6&period=30";
}

}  // namespace vt::login
