#include "execution/leverage_keeper.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

namespace vt::execution {
namespace {

using namespace std::chrono_literals;

/// From an attempt that came to nothing to the next.
constexpr std::array<Nanos, 4> kNextAttemptAfter{250ms, 500ms, 1s, 2s};

}  // namespace

std::optional<std::uint32_t> LeverageKeeper::known(market::InstrumentId instrument) const {
    const auto at = standings_.find(instrument);
    return at == standings_.end() ? std::nullopt : at->second.known;
}

bool LeverageKeeper::is_confirmed(market::InstrumentId instrument, std::uint32_t leverage) const {
    const auto at = standings_.find(instrument);
    if (at == standings_.end() || at->second.known != leverage) return false;
    // what was said before a request for another could not be carried out any more may be true no longer
    const auto& asked = at->second.asked;
    return !asked || asked->leverage == leverage || asked->is_each_answered();
}

void LeverageKeeper::begin(market::InstrumentId instrument) {
    const auto at = standings_.find(instrument);
    if (at != standings_.end() && at->second.asked) at->second.asked->attempts = 0;
}

void LeverageKeeper::ask(market::InstrumentId instrument, std::uint32_t leverage, Timestamp now, Actions& out) {
    Standing& standing = standings_[instrument];
    if (standing.asked &&
        (standing.asked->is_each_answered() || now - standing.asked->sent_at >= params_.leverage_settles_within))
        standing.asked->unsettled = 0;
    if (standing.asked && standing.asked->leverage != leverage) {
        if (standing.asked->unsettled > 0) return;
        standing.asked.reset();
    }
    if (!standing.asked) standing.asked = Asked{.leverage = leverage, .again_at = now};
    Asked& asked = *standing.asked;
    if (asked.is_under_way && now - asked.sent_at >= params_.answer_within) await_next(asked, now);
    if (asked.is_under_way || now < asked.again_at || asked.attempts >= params_.leverage_attempts_max) return;
    standing.known.reset();
    ++asked.attempts;
    ++asked.unsettled;
    asked.is_under_way = true;
    asked.is_answered = false;
    asked.sent_at = now;
    out.emplace_back(trading::Request{trading::SetLeverage{instrument, leverage}});
}

void LeverageKeeper::await_next(Asked& asked, Timestamp now) {
    const std::size_t step = std::clamp<std::size_t>(asked.attempts, 1, kNextAttemptAfter.size()) - 1;
    asked.is_under_way = false;
    asked.again_at = now + kNextAttemptAfter.at(step);
}

void LeverageKeeper::on_set(const trading::LeverageSet& set, Timestamp at) {
    if (set.leverage == 0) return;  // no leverage is
    Standing& standing = standings_[set.instrument];
    if (standing.set_at && at <= *standing.set_at) return;  // said twice, or overtaken
    standing.set_at = at;
    if (standing.asked && standing.asked->leverage == set.leverage) {
        standing.asked->is_under_way = false;
        standing.asked->is_answered = true;
    }
    if (!standing.found_at || at >= *standing.found_at) standing.known = set.leverage;
}

void LeverageKeeper::on_found(const trading::PositionFound& position, Timestamp at) {
    if (position.leverage.value_or(0) == 0) return;
    Standing& standing = standings_[position.instrument];
    if (standing.set_at && at <= *standing.set_at) return;
    if (standing.found_at && at < *standing.found_at) return;
    standing.found_at = at;
    standing.known = position.leverage;
}

void LeverageKeeper::on_unanswered(const trading::LeverageUnanswered& unanswered, Timestamp now) {
    const auto standing = standings_.find(unanswered.instrument);
    if (standing == standings_.end()) return;
    auto& asked = standing->second.asked;
    if (asked && asked->leverage == unanswered.leverage && asked->is_under_way) await_next(*asked, now);
}

bool LeverageKeeper::on_refused(const trading::LeverageRefused& refused, Timestamp at, Timestamp now) {
    Standing& standing = standings_[refused.instrument];
    if (standing.refused_at && at <= *standing.refused_at) return false;
    standing.refused_at = at;
    auto& asked = standing.asked;
    if (!asked || asked->leverage != refused.leverage || asked->is_answered) return false;
    asked->is_answered = true;
    await_next(*asked, now);
    return refused.code != trading::RefusalCode::too_many;
}

void LeverageKeeper::forget_known() {
    for (auto& [instrument, standing] : standings_) standing.known.reset();
}

}  // namespace vt::execution
