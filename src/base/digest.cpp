#include "base/digest.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"

#include <openssl/evp.h>  // layer-ok: a pure function of its input

#include <array>

namespace vt {

struct Digest::Impl {
    Impl() : context(EVP_MD_CTX_new()) {
        VT_ASSERT(context != nullptr);
        VT_ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1);
    }
    ~Impl() { EVP_MD_CTX_free(context); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    EVP_MD_CTX* context;
};

Digest::Digest() : impl_(std::make_unique<Impl>()) {}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::string_view bytes) {
    VT_ASSERT(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1);
}

std::string Digest::hex() const {
    const Impl copy;
    VT_ASSERT(EVP_MD_CTX_copy_ex(copy.context, impl_->context) == 1);
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned size = 0;
    VT_ASSERT(EVP_DigestFinal_ex(copy.context, raw.data(), &size) == 1);
    return hex_text(std::span(raw).first(size));
}

}  // namespace vt
