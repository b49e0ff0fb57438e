#include "base/hmac.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"

#include <openssl/evp.h>   // layer-ok: a pure function of its input
#include <openssl/hmac.h>  // layer-ok: as above

#include <array>
#include <span>

namespace vt {

std::string hmac_sha256_hex(const Secret& secret, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    const std::string_view key = secret.reveal();
    const unsigned char* const done =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), raw.data(), &size);
    VT_ASSERT(done != nullptr);
    return hex_text(std::span(raw).first(size));
}

}  // namespace vt
