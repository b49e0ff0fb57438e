#include "base/hmac.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>   // layer-ok: a pure function of its input
#include <openssl/hmac.h>  // layer-ok: as above

#include <array>

namespace vt {

std::string hmac_sha256_hex(const Secret& secret, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    const std::string_view key = secret.reveal();
    const unsigned char* const done =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), raw.data(), &size);
    VT_ASSERT(done != nullptr);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex.push_back(kDigits[raw[i] >> 4U]);
        hex.push_back(kDigits[raw[i] & 15U]);
    }
    return hex;
}

}  // namespace vt
