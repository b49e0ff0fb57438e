#pragma once

// For tests only: the books of a paper account, kept from what trading said and from nothing that the venue knows.

#include "engine/effect.hpp"
#include "engine/engine.hpp"
#include "paper/margin.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

class AccountBooks {
public:
    explicit AccountBooks(trading::Money deposit) : deposit_(deposit) {}

    void note(const engine::Effect& effect) {
        const auto* traded = std::get_if<engine::Traded>(&effect);
        if (traded == nullptr) return;
        for (const desk::Output& output : traded->step->outputs) note(output);
    }
    /// Where the program's books, what it calls its own wallet, and the venue's ledger differ. Fills that are told
    /// later (10 ms) make them differ for that long.
    [[nodiscard]] std::vector<std::string> differences(const engine::Engine& engine) const {
        std::vector<std::string> found;
        const paper::Venue& venue = *engine.trading().venue();
        const auto differs = [&](const std::string& what, const auto& here, const auto& there) {
            if (here != there) found.push_back(what + ": " + text(here) + " here, " + text(there) + " at the venue");
        };
        differs("wallet by trades", std::optional(wallet()), std::optional(venue.wallet()));
        differs("wallet", engine.trading().desk()->executor().wallet(), std::optional(venue.wallet()));
        differs("equity", equity(engine), venue.equity());
        std::map<market::InstrumentId, Lots> net;
        for (const auto& [id, trade] : trades_) net[trade.plan.instrument] += trade.position.net;
        for (const auto& symbol : engine.symbols()) {
            const market::Instrument& instrument = symbol->instrument();
            if (const trading::Position* position = venue.position(instrument.id))
                differs("position of " + instrument.symbol, std::optional(net[instrument.id]),
                        std::optional(position->net()));
        }
        return found;
    }
    [[nodiscard]] trading::Money wallet() const {
        trading::Money sum = deposit_;
        for (const auto& [id, trade] : trades_) sum += trading::Position(trade.position).wallet_change();
        return sum;
    }
    /// out: absent without a mark price of what is open
    [[nodiscard]] std::optional<trading::Money> equity(const engine::Engine& engine) const {
        trading::Money sum = wallet();
        for (const auto& [id, trade] : trades_) {
            if (!trade.is_open()) continue;
            const engine::Symbol& symbol = *engine.symbols()[trade.plan.instrument.value()];
            const auto& mark = symbol.state().ticker().mark_price;
            if (!mark) return std::nullopt;
            const trading::Position position(trade.position);
            const auto value = paper::value_at(symbol.instrument(), *mark, position.size());
            if (!value) return std::nullopt;
            const trading::Money cost = position.facts().cost;
            sum += position.side() == market::Side::buy ? *value - cost : cost - *value;
        }
        return sum;
    }
    [[nodiscard]] trading::Money funding() const {
        trading::Money sum;
        for (const auto& [id, trade] : trades_) sum += trade.position.funding;
        return sum;
    }
    [[nodiscard]] trading::Money fees() const {
        trading::Money sum;
        for (const auto& [id, trade] : trades_) sum += trade.position.fees;
        return sum;
    }
    [[nodiscard]] std::size_t open_count() const {
        std::size_t count = 0;
        for (const auto& [id, trade] : trades_) count += trade.is_open();
        return count;
    }
    /// Of trades that were entered and are over, by their side.
    [[nodiscard]] std::size_t ended_count(market::Side side) const {
        std::size_t count = 0;
        for (const auto& [id, trade] : trades_)
            count += trade.plan.side == side && trade.ended_at && trade.entered > Lots{};
        return count;
    }
    [[nodiscard]] const std::map<execution::TradeId, execution::Trade>& trades() const { return trades_; }
    [[nodiscard]] const std::map<std::string, std::size_t>& denials() const { return denials_; }
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }
    [[nodiscard]] const std::vector<std::string>& mode_changes() const { return mode_changes_; }

private:
    static std::string text(const std::optional<trading::Money>& amount) {
        return amount ? to_string(*amount) : "unknown";
    }
    static std::string text(const std::optional<Lots>& lots) { return std::to_string(lots->value()); }
    void note(const desk::Output& output) {
        if (const auto* record = std::get_if<execution::RecordTrade>(&output))
            trades_.insert_or_assign(record->trade.id, record->trade);
        if (const auto* warning = std::get_if<execution::Warning>(&output))
            warnings_.push_back(std::string(execution::name(warning->kind)) + ": " + warning->text);
        if (const auto* change = std::get_if<risk::ModeChange>(&output))
            mode_changes_.push_back(std::string(risk::name(change->to)) + " by " + change->who + ": " +
                                    change->reason);
        const auto* judgement = std::get_if<desk::Judgement>(&output);
        if (judgement == nullptr || judgement->trade) return;
        std::string why(judgement->obstacle);
        for (const risk::Check& check : judgement->checks)
            if (why.empty() && check.denies()) why = name(check.code);
        ++denials_[why];
    }

    trading::Money deposit_;
    std::map<execution::TradeId, execution::Trade> trades_;  ///< in their newest form
    std::map<std::string, std::size_t> denials_;             ///< by the first reason
    std::vector<std::string> warnings_, mode_changes_;
};

}  // namespace vt::runtime
