#include "demo/venues.hpp"

#include <algorithm>
#include <iterator>

namespace vt::demo {
namespace {

// After a long pause of the machine nobody is told what happened meanwhile: subscribers see a gap.
constexpr Nanos kLongestBacklog = std::chrono::seconds{10};

bool has(const Stream& stream, Segment segment) { return stream.indices(segment).end > 0; }

}  // namespace

Venues::Venues(Stream& stream, const VenueLimits& limits, std::uint64_t seed, Timestamp now)
    : stream_(stream), bybit_(stream, accounts_, limits.bybit, seed), started_(now), now_(now) {
    if (!has(stream, Segment::binance_futures) || !has(stream, Segment::binance_spot)) return;
    binance_ = std::make_unique<BinanceFront>(stream, accounts_, limits.binance);
    stream.observe([this](Timestamp at) { binance_->on_step(at, now_); });
}

Venues::~Venues() { stream_.observe({}); }

RestAnswer Venues::on_request(const FrontRequest& request, Timestamp now) {
    if (binance_ && !BybitFront::serves(request.path)) return binance_->on_request(request, now);
    return bybit_.on_request(request, now);
}

std::optional<RestAnswer> Venues::refuses_session(const FrontRequest& request, Timestamp now) {
    if (binance_ && !BybitFront::serves(request.path)) return binance_->refuses_session(request, now);
    return bybit_.refuses_session(request, now);
}

SessionId Venues::on_open(const FrontRequest& request, Timestamp now) {
    const bool is_bybit = !binance_ || BybitFront::serves(request.path);
    const SessionId id{2 * next_session_++ + (is_bybit ? 0 : 1)};
    if (is_bybit) {
        bybit_.on_open(id, request.path, now);
    } else {
        binance_->on_open(id, request, now);
    }
    return id;
}

void Venues::on_text(SessionId session, std::string_view text, Timestamp now) {
    if (is_binance(session)) return binance_->on_text(session, text, now);
    bybit_.on_text(session, text, now);
}

void Venues::on_pong(SessionId session, std::string_view payload, Timestamp now) {
    if (is_binance(session)) binance_->on_pong(session, payload, now);  // Bybit asks for none
}

void Venues::on_close(SessionId session) {
    if (is_binance(session)) return binance_->on_close(session);
    bybit_.on_close(session);
}

void Venues::advance(Timestamp now) {
    now_ = now;
    while (next_scheduled_ < scheduled_.size() && started_ + scheduled_[next_scheduled_].after <= now) {
        inject(scheduled_[next_scheduled_++].fault, now);
    }
    bybit_.begin_frames(now);
    if (now - stream_.now() > kLongestBacklog) stream_.advance(now - std::chrono::seconds{1}, {});
    stream_.advance(now, [&](TopicId topic, std::string_view text, Timestamp) { bybit_.on_frame(topic, text); });
    bybit_.advance(now);
    if (binance_) binance_->advance(now);
}

void Venues::inject(const Fault& fault, Timestamp now) {
    using Kind = Fault::Kind;
    now_ = now;
    if (fault.kind == Kind::list || fault.kind == Kind::delist) {
        (void)stream_.set_listed(fault.topic, fault.kind == Kind::list);
        return;
    }
    if (fault.kind == Kind::liquidate) {
        const auto side =
            fault.is_long ? market::LiquidatedSide::long_position : market::LiquidatedSide::short_position;
        (void)stream_.liquidate(fault.topic, side, fault.quantity);
        return;
    }
    if (fault.concerns(market::Venue::bybit)) bybit_.inject(fault, now);
    if (binance_ && fault.concerns(market::Venue::binance)) binance_->inject(fault, now);
}

void Venues::schedule(std::vector<ScheduledFault> faults) {
    scheduled_ = std::move(faults);
    next_scheduled_ = 0;
}

std::vector<FrontAction> Venues::take_actions() {
    std::vector<FrontAction> actions = bybit_.take_actions();
    if (!binance_) return actions;
    std::vector<FrontAction> more = binance_->take_actions();
    std::move(more.begin(), more.end(), std::back_inserter(actions));
    return actions;
}

std::size_t Venues::sessions() const { return bybit_.sessions() + (binance_ ? binance_->sessions() : 0); }

bool Venues::is_tls_broken(Timestamp now) const {
    return bybit_.is_tls_broken(now) || (binance_ && binance_->is_tls_broken(now));
}

}  // namespace vt::demo
