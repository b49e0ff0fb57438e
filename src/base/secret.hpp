#pragma once

#include <string>
#include <string_view>

namespace vt {

/// A text that nobody may see: it is never printed, logged, recorded or copied by accident, and overwritten when it
/// goes. Only what signs may `reveal` it.
class Secret {
public:
    Secret() = default;
    /// Takes the text over and overwrites where it came from.
    explicit Secret(std::string&& text);
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] std::string_view reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

/// Overwrites a text that held a secret, its spare capacity too, and empties it.
void wipe(std::string& text);

}  // namespace vt
