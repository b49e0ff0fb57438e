#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::risk {

/// What may be done, from free to safe.
enum class Mode : std::uint8_t {
    active,
    reducing,  ///< no new positions; those that are open run to their stops and targets
    halted,    ///< no new positions; entries are cancelled and, where it is asked for, positions closed
};
/// "ACTIVE".
[[nodiscard]] std::string_view name(Mode mode);

/// Who makes the mode safer where the equity fell.
inline constexpr std::string_view kByDrawdown = "drawdown";

/// A change of the mode, for the audit.
struct ModeChange {
    Mode from = Mode::active;
    Mode to = Mode::active;
    Timestamp at;
    std::string who;
    std::string reason;
    bool operator==(const ModeChange&) const = default;
};

/// Whether new positions may be opened, and who said so last.
///
/// Invariant: by itself the mode only becomes safer; back it goes by somebody who is named, with a reason.
class TradingState {
public:
    [[nodiscard]] Mode mode() const { return last_ ? last_->to : Mode::active; }
    /// out: absent: it was active from the beginning
    [[nodiscard]] const std::optional<ModeChange>& last_change() const { return last_; }

    /// Needs nobody's leave.
    ///   out: the change; absent where the mode is as safe already: nothing is changed then
    std::optional<ModeChange> make_safer(Mode mode, Timestamp at, std::string_view who, std::string_view reason);

    /// Back to a freer mode. in: who was authenticated by the caller
    ///   errors: refused: without a name or a reason, or to a mode that is not freer
    Result<ModeChange> release(Mode mode, Timestamp at, std::string_view who, std::string_view reason);

    /// The binary form, for the database: it has to be stored before what the change allows is done.
    void encode(std::string& out) const;
    /// errors: unsupported (another version), malformed
    [[nodiscard]] static Result<TradingState> decode(std::string_view bytes);
    /// Of a stored form that may be damaged: HALTED then, with the error as the reason.
    [[nodiscard]] static TradingState restored(std::string_view bytes, Timestamp at);

private:
    ModeChange change_to(Mode mode, Timestamp at, std::string_view who, std::string_view reason);
    std::optional<ModeChange> last_;
};

}  // namespace vt::risk
