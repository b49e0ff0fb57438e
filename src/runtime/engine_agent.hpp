#pragma once

#include "engine/engine.hpp"
#include "exchange/protocol.hpp"
#include "runtime/input_queue.hpp"
#include "runtime/stage_times.hpp"
#include "storage/recorder.hpp"
#include "views/builder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

/// What the engine thread hands to the others.
struct EngineOutlets {
    std::function<void(std::vector<exchange::Action> actions)> perform;
    std::function<void(std::shared_ptr<const views::Snapshot> snapshot)> publish;
    std::function<void(const engine::Effect& effect)> report;   ///< stream changes and refusals, for the log
    std::function<std::vector<std::string>()> hindrances = {};  ///< what keeps us from a venue; absent: nothing
    std::function<std::vector<views::TierRow>()> tiers = {};    ///< of the cache; absent: there is none
    /// A score record, in the order in which they are said; absent: they are not kept.
    std::function<void(const engine::Scored& scored, const market::Instrument& instrument)> keep = {};
    /// What became known of a signal, likewise.
    std::function<void(const engine::Signalled& signalled, const market::Instrument& instrument)> keep_signal = {};
    /// What trading said, likewise.
    std::function<void(const engine::TradingStep& step, const market::InstrumentDirectory& instruments)>
        keep_trading = {};
    /// What may be worth telling people of.
    std::function<void(std::shared_ptr<const alerts::Occurrence> seen)> notice = {};
    /// What became of a command to trading; after what was said because of it.
    std::function<void(const engine::TradingAnswered& answer)> trading_answered = {};
    storage::Recorder* recorder = nullptr;  ///< absent: nothing is recorded
    std::function<void(Nanos age)>
        applied;                   ///< how old a frame was, from its stamp at the socket, once it was applied
    StageTimes* stages = nullptr;  ///< absent: nothing is measured
};

/// The engine and the work around each of its steps: take an input off the queue, record it, step, hand on what
/// follows, publish a picture ten times a second. Has no thread of its own.
class EngineAgent {
public:
    /// How often a picture is published, by the inputs' own time.
    static constexpr Nanos kPublishEvery = std::chrono::milliseconds{100};
    static constexpr int kBatch = 256;

    EngineAgent(engine::Params params, InputQueue& queue, views::MarketMode mode, EngineOutlets outlets);

    /// Takes at most kBatch inputs. out: how many; 0: nothing to do, sleep in queue.wait()
    int do_work();

    [[nodiscard]] const engine::Engine& engine() const { return engine_; }

private:
    void step(const engine::Event& event);
    void hand_on();
    void publish_if_due(Timestamp at);

    engine::Engine engine_;
    InputQueue& queue_;
    views::Builder builder_;
    EngineOutlets outlets_;
    std::vector<engine::Effect> effects_;
    std::optional<Timestamp> published_at_;
};

}  // namespace vt::runtime
