#pragma once

#include "base/time.hpp"
#include "execution/action.hpp"
#include "execution/params.hpp"
#include "market/instrument.hpp"
#include "trading/report.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace vt::execution {

/// What leverage each instrument has at the venue, as far as the venue said it, and what it is asked for.
///
/// One leverage of an instrument is asked for at a time: another waits until no request for the first can be carried
/// out any more. So a confirmation is not undone by a request that comes late. What the venue says counts by its
/// clock, not by the order in which it reaches us.
class LeverageKeeper {
public:
    explicit LeverageKeeper(const Params& params) : params_(params) {}

    /// The leverage that the venue stated last. out: absent: not known
    [[nodiscard]] std::optional<std::uint32_t> known(market::InstrumentId instrument) const;
    /// Whether the venue stated this one, and no request that is under way can change it.
    [[nodiscard]] bool is_confirmed(market::InstrumentId instrument, std::uint32_t leverage) const;

    /// A new trade of the instrument may ask as often as any.
    void begin(market::InstrumentId instrument);
    /// Asks for it, unless it is under way, it is not time to ask again, or it was asked for often enough. To be
    /// called again and again while it is wanted.
    void ask(market::InstrumentId instrument, std::uint32_t leverage, Timestamp now, Actions& out);

    // in: at: by the venue's clock
    void on_set(const trading::LeverageSet& set, Timestamp at);
    void on_found(const trading::PositionFound& position, Timestamp at);
    void on_unanswered(const trading::LeverageUnanswered& unanswered, Timestamp now);
    /// out: true: the last word on what is asked for; false: it is asked for again, or was said of an earlier request
    bool on_refused(const trading::LeverageRefused& refused, Timestamp at, Timestamp now);

    /// The connection was away: nothing is known until it is said again.
    void forget_known();

private:
    struct Asked {
        std::uint32_t leverage = 1;
        std::uint32_t attempts = 0;   ///< of this trade
        std::uint32_t unsettled = 0;  ///< requests since none could be carried out any more
        bool is_under_way = false;
        bool is_answered = false;  ///< the last of them
        Timestamp sent_at;
        Timestamp again_at;
        /// Of several requests nobody says which of them was answered.
        [[nodiscard]] bool is_each_answered() const { return unsettled == 0 || (unsettled == 1 && is_answered); }
    };
    struct Standing {
        std::optional<std::uint32_t> known;
        std::optional<Asked> asked;
        std::optional<Timestamp> set_at, refused_at, found_at;  ///< the newest of each
    };
    static void await_next(Asked& asked, Timestamp now);

    Params params_;
    std::map<market::InstrumentId, Standing> standings_;
};

}  // namespace vt::execution
