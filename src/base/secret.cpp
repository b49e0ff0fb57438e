#include "base/secret.hpp"

#include <openssl/crypto.h>  // layer-ok: overwriting memory that the optimiser may not skip

namespace vt {

void wipe(std::string& text) {
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

// Assigned, not moved: a short text lies inside the string object and would stay behind in the one moved from.
Secret::Secret(std::string&& text) : text_(text) { wipe(text); }

Secret::~Secret() { wipe(text_); }

Secret::Secret(Secret&& other) noexcept { text_.swap(other.text_); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(text_);
    text_.swap(other.text_);
    return *this;
}

}  // namespace vt
