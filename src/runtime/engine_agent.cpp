#include "runtime/engine_agent.hpp"

#include "base/assert.hpp"
#include "engine/event_codec.hpp"
#include "net/loop.hpp"

#include <chrono>
#include <utility>

namespace vt::runtime {

EngineAgent::EngineAgent(engine::Params params, InputQueue& queue, views::MarketMode mode, EngineOutlets outlets)
    : engine_(std::move(params)), queue_(queue), builder_(mode), outlets_(std::move(outlets)) {}

int EngineAgent::do_work() {
    int taken = 0;
    for (; taken < kBatch; ++taken) {
        const auto bytes = queue_.front();
        if (!bytes) break;
        if (outlets_.recorder != nullptr)
            (void)outlets_.recorder->offer(*bytes);  // a loss is written down by the recorder
        const auto event = engine::decode(*bytes);
        VT_ASSERT(event.has_value());  // our own encoder wrote it a moment ago
        step(*event);
        const Timestamp at = event->at;
        queue_.pop();
        hand_on();
        publish_if_due(at);
    }
    return taken;
}

/// One step, measured where it is a frame's.
void EngineAgent::step(const engine::Event& event) {
    effects_.clear();
    const bool is_measured = std::holds_alternative<engine::FrameReceived>(event.body);
    if (!is_measured || (!outlets_.applied && outlets_.stages == nullptr)) return engine_.step(event, effects_);
    const Nanos waited = net::wall_now() - event.at;
    const std::uint64_t evaluations = engine_.counters().evaluations;
    const auto began = std::chrono::steady_clock::now();
    engine_.step(event, effects_);
    const Nanos took = std::chrono::steady_clock::now() - began;
    if (outlets_.applied) outlets_.applied(waited + took);
    if (outlets_.stages == nullptr) return;
    outlets_.stages->took(Stage::socket, waited);
    outlets_.stages->took(engine_.counters().evaluations == evaluations ? Stage::decode : Stage::score, took);
}

void EngineAgent::hand_on() {
    std::vector<exchange::Action> actions;
    for (engine::Effect& effect : effects_) {
        std::visit(
            [&](auto& one) {
                using T = std::decay_t<decltype(one)>;
                if constexpr (std::is_constructible_v<exchange::Action, T>) {
                    actions.emplace_back(std::move(one));
                } else if constexpr (std::is_same_v<T, engine::Scored>) {
                    if (outlets_.keep) outlets_.keep(one, engine_.instruments()[one.instrument]);
                } else if constexpr (std::is_same_v<T, engine::Signalled>) {
                    if (outlets_.keep_signal) outlets_.keep_signal(one, engine_.instruments()[one.instrument]);
                } else if constexpr (std::is_same_v<T, engine::Traded>) {
                    builder_.hear(*one.step);
                    if (outlets_.keep_trading) outlets_.keep_trading(*one.step, engine_.instruments());
                } else if constexpr (std::is_same_v<T, engine::Noticed>) {
                    if (outlets_.notice) outlets_.notice(std::move(one.occurrence));
                } else if constexpr (std::is_same_v<T, engine::TradingAnswered>) {
                    if (outlets_.trading_answered) outlets_.trading_answered(one);
                } else if constexpr (std::is_same_v<T, exchange::StreamChanged> ||
                                     std::is_same_v<T, exchange::Rejected> || std::is_same_v<T, engine::InputsLost>) {
                    if (outlets_.report) outlets_.report(effect);
                }
            },
            effect);
    }
    if (!actions.empty()) outlets_.perform(std::move(actions));
}

void EngineAgent::publish_if_due(Timestamp at) {
    if (published_at_ && at - *published_at_ < kPublishEvery) return;
    published_at_ = at;
    views::Surroundings surroundings{.now = at, .dropped = queue_.dropped()};
    if (outlets_.hindrances) surroundings.hindrances = outlets_.hindrances();
    if (outlets_.tiers) surroundings.tiers = outlets_.tiers();
    const auto began = std::chrono::steady_clock::now();
    auto picture = builder_.build(engine_, surroundings);
    if (outlets_.stages != nullptr) outlets_.stages->took(Stage::view, std::chrono::steady_clock::now() - began);
    outlets_.publish(std::move(picture));
}

}  // namespace vt::runtime
