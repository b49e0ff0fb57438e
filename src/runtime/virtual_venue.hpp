#pragma once

#include "demo/stream.hpp"
#include "demo/venues.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vt::runtime {

/// The demo exchange and an engine in one virtual time, without sockets or threads: what the engine asks for is done
/// at once, what the exchange sends arrives at once. The same parameters give the same inputs, so the same effects.
///   cost: some tens of seconds of market for each second of CPU with 34 symbols
class VirtualVenue {
public:
    using EffectSink = std::function<void(const engine::Effect& effect)>;
    using InputSink = std::function<void(const engine::Event& event)>;

    /// in: `inputs` is shown every event before the engine takes it
    VirtualVenue(engine::Params params, demo::StreamParams stream, EffectSink sink = {}, InputSink inputs = {});

    /// Starts the engine's feed, from a saved state if there is one.
    void start(std::string_view saved_state = {}, Nanos shift = Nanos{0});
    void advance_to(Timestamp until);
    void inject(const demo::Fault& fault) { front_.inject(fault, now_); }

    [[nodiscard]] Timestamp now() const { return now_; }
    [[nodiscard]] const engine::Engine& engine() const { return engine_; }

private:
    void step(const engine::EventBody& body);
    void perform_one(const exchange::Connect& connect);
    void perform_one(const exchange::Disconnect& disconnect);
    void perform_one(const exchange::SendText& send);
    void perform_one(const exchange::HttpGet& get);
    void deliver();
    void run_due();
    struct LateAnswer {
        exchange::RequestId request;
        Timestamp sent;
        demo::RestAnswer answer;
    };
    void reply(const LateAnswer& late);

    bool follows_binance_;
    engine::Engine engine_;
    demo::Stream stream_;
    demo::Venues front_;
    EffectSink sink_;
    InputSink inputs_;
    Timestamp now_;
    std::uint64_t sequence_ = 0;
    std::map<demo::SessionId, exchange::ConnectionId> connections_;
    std::multimap<Timestamp, exchange::Action> later_;  ///< requests and reconnections that wait for their time
    std::multimap<Timestamp, LateAnswer> late_answers_;
};

}  // namespace vt::runtime
