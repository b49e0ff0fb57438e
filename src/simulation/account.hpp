#pragma once

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "base/prng.hpp"
#include "base/time.hpp"
#include "desk/desk.hpp"
#include "market/instrument_state.hpp"
#include "paper/venue.hpp"
#include "simulation/simulation.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vt::simulation {

/// What is on the disk: it outlives a crash.
struct Kept {
    std::map<execution::TradeId, execution::Trade> trades;
    std::map<trading::ClientOrderId, std::pair<execution::TradeId, trading::Order::Facts>> orders;
    std::string limits;
    std::uint32_t boots = 0;
};

/// The program that trades, its disk and the venue; one moment after another, with crashes between any two steps.
class Account {
public:
    Account(const Params& params, const std::vector<std::unique_ptr<market::InstrumentState>>& markets);

    void on_market(const market::Event& event, market::InstrumentState& state);
    /// Some ten times a second.
    void on_time(Timestamp now);
    void on_idea(Timestamp now);
    /// No new ideas, everything is closed. out: whether nothing is open any more
    bool wind_up(Timestamp now);
    /// Compares the desk with the venue, once nothing is open.
    void settle(Timestamp now);

    [[nodiscard]] Outcome& outcome() { return outcome_; }
    [[nodiscard]] std::string digest() const { return digest_.hex(); }

private:
    void start(Timestamp now);
    void crash(Timestamp now);
    /// Does what the desk says, in its order; a crash can come behind each.
    void carry_out(Timestamp now);
    void keep(const desk::Output& output);
    void flush();
    void send(const trading::Request& request, Timestamp now);
    void check_protection(Timestamp now);
    void check_leverages(Timestamp now);
    void misbehave(Timestamp now);
    void violated(Timestamp now, std::string what);
    void note(const desk::Output& output, Timestamp now);
    [[nodiscard]] bool is_protected(market::InstrumentId instrument, Lots net) const;
    [[nodiscard]] Timestamp after(Timestamp now, Nanos mean);

    const Params& params_;
    const std::vector<std::unique_ptr<market::InstrumentState>>& markets_;
    Prng draws_;
    paper::Venue venue_;
    std::unique_ptr<desk::Desk> desk_;  ///< null: the program is down
    Kept kept_;
    Kept waiting_;  ///< records that are not on the disk yet
    std::set<trading::ClientOrderId> placed_;
    std::map<execution::TradeId, std::uint32_t> approved_leverages_;
    std::map<trading::ClientOrderId, std::uint32_t> entry_leverages_;   ///< that their approvals named
    std::map<market::InstrumentId, std::uint32_t> position_leverages_;  ///< that of the entry sent last
    std::map<market::InstrumentId, Timestamp> unprotected_since_;
    Timestamp down_until_;
    Timestamp crash_at_, disconnect_at_, pause_at_, kill_at_, meddle_at_;
    std::optional<Timestamp> connected_at_, release_at_;
    Timestamp paused_until_;
    bool is_killed_ = false;
    std::optional<std::uint32_t> steps_to_crash_;
    std::uint64_t signals_ = 0;
    JsonWriter scratch_;
    Digest digest_;
    Outcome outcome_;
};

}  // namespace vt::simulation
