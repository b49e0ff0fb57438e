#include "runtime/virtual_venue.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace vt::runtime {
namespace {

constexpr Nanos kStep = std::chrono::milliseconds{20};
/// Of a connection that was lost or refused: there is no gateway here that would space the attempts.
constexpr Nanos kReconnectAfter = std::chrono::seconds{1};
constexpr std::string_view kAddress = "127.0.0.1";

/// A virtual minute holds more requests and connections than a real one could; the limits are tested elsewhere.
demo::VenueLimits no_limits() {
    demo::VenueLimits limits;
    demo::BybitLimits& bybit = limits.bybit;
    bybit.requests_per_window = bybit.requests_per_second = bybit.connections_per_window = 1'000'000;
    demo::BinanceLimits& binance = limits.binance;
    binance.futures_weight = binance.spot_weight = 1'000'000'000;
    binance.data_requests = binance.funding_requests = binance.connections_per_window = 1'000'000;
    binance.futures_messages = binance.spot_messages = 1'000'000;
    return limits;
}

}  // namespace

VirtualVenue::VirtualVenue(engine::Params params, demo::StreamParams stream, EffectSink sink, InputSink inputs)
    : follows_binance_(params.binance.futures.is_followed || params.binance.spot.is_followed),
      engine_(std::move(params)),
      stream_(stream),
      front_(stream_, no_limits(), stream.seed, stream_.now()),
      sink_(std::move(sink)),
      inputs_(std::move(inputs)),
      now_(stream_.now()) {}

void VirtualVenue::start(std::string_view saved_state, Nanos shift) {
    if (!saved_state.empty()) step(engine::LoadState{saved_state, shift});
    step(engine::StartFeed{market::Venue::bybit});
    if (follows_binance_) step(engine::StartFeed{market::Venue::binance});
}

void VirtualVenue::advance_to(Timestamp until) {
    while (now_ < until) {
        now_ += kStep;
        front_.advance(now_);
        deliver();
        run_due();
        if (floor_to(now_, engine::kTickEvery) == now_) step(engine::Tick{});
    }
}

void VirtualVenue::step(const engine::EventBody& body) {
    std::vector<engine::Effect> effects;
    const engine::Event event{.sequence = ++sequence_, .at = now_, .body = body};
    if (inputs_) inputs_(event);
    engine_.step(event, effects);
    for (engine::Effect& effect : effects) {
        if (sink_) sink_(effect);
        std::visit(
            [&](auto& one) {
                using T = std::decay_t<decltype(one)>;
                Timestamp due = now_;
                if constexpr (std::is_same_v<T, exchange::Connect>) {
                    if (one.attempt > 0) due += kReconnectAfter;
                }
                if constexpr (std::is_constructible_v<exchange::Action, T>)
                    later_.emplace(due, exchange::Action(std::move(one)));
            },
            effect);
    }
}

void VirtualVenue::run_due() {
    while (!late_answers_.empty() && late_answers_.begin()->first <= now_) {
        const LateAnswer late = std::move(late_answers_.begin()->second);
        late_answers_.erase(late_answers_.begin());
        reply(late);
    }
    while (!later_.empty() && later_.begin()->first <= now_) {
        const exchange::Action action = std::move(later_.begin()->second);
        later_.erase(later_.begin());
        std::visit([this](const auto& one) { perform_one(one); }, action);
        deliver();
    }
}

void VirtualVenue::perform_one(const exchange::Connect& connect) {
    const demo::FrontRequest request{.address = kAddress, .path = connect.path};
    if (const auto refusal = front_.refuses_session(request, now_)) {
        step(engine::Closed{connect.connection, "refused with " + std::to_string(refusal->status)});
        return;
    }
    connections_.emplace(front_.on_open(request, now_), connect.connection);
    step(engine::Opened{connect.connection});
}

void VirtualVenue::perform_one(const exchange::Disconnect& disconnect) {
    for (auto it = connections_.begin(); it != connections_.end(); ++it) {
        if (it->second != disconnect.connection) continue;
        front_.on_close(it->first);
        connections_.erase(it);
        step(engine::Closed{disconnect.connection, disconnect.reason});
        return;
    }
}

void VirtualVenue::perform_one(const exchange::SendText& send) {
    for (const auto& [session, connection] : connections_) {
        if (connection != send.connection) continue;
        front_.on_text(session, send.text, now_);
        return;
    }
}

void VirtualVenue::perform_one(const exchange::HttpGet& get) {
    if (get.not_before > now_) {
        later_.emplace(get.not_before, get);
        return;
    }
    const std::size_t mark = get.target.find('?');
    const std::string_view target = get.target;
    LateAnswer late{.request = get.request, .sent = now_, .answer = {}};
    late.answer =
        front_.on_request({.address = kAddress,
                           .path = target.substr(0, mark),
                           .query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1)},
                          now_);
    if (late.answer.delay <= Nanos{0}) return reply(late);
    const Timestamp due = now_ + late.answer.delay;
    late_answers_.emplace(due, std::move(late));
}

void VirtualVenue::reply(const LateAnswer& late) {
    step(engine::Replied{{.request = late.request,
                          .status = late.answer.status,
                          .sent = late.sent,
                          .body = late.answer.body,
                          .headers = {}}});
}

void VirtualVenue::deliver() {
    for (const demo::FrontAction& action : front_.take_actions()) {
        if (const auto* send = std::get_if<demo::SessionSend>(&action)) {
            const auto connection = connections_.find(send->session);
            if (connection != connections_.end()) step(engine::FrameReceived{connection->second, *send->text});
        } else if (const auto* ping = std::get_if<demo::SessionPing>(&action)) {
            front_.on_pong(ping->session, ping->payload, now_);
        } else if (const auto* drop = std::get_if<demo::SessionDrop>(&action)) {
            const auto connection = connections_.find(drop->session);
            if (connection == connections_.end()) continue;
            const exchange::ConnectionId id = connection->second;
            connections_.erase(connection);
            step(engine::Closed{id, drop->reason});
        }
    }
}

}  // namespace vt::runtime
