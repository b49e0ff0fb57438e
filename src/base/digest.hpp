#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vt {

/// A running SHA-256. What "the same bytes" is judged by.
class Digest {
public:
    Digest();
    ~Digest();
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;

    void update(std::string_view bytes);
    /// Lower-case hex of what was seen so far; further updates go on from there.
    [[nodiscard]] std::string hex() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt
