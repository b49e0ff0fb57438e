#include "risk/breakers.hpp"

#include "base/bytes.hpp"

#include <algorithm>
#include <cmath>

namespace vt::risk {
namespace {

using trading::Money;

constexpr std::uint8_t kBreakersVersion = 1;
constexpr Nanos kWeek = 7 * kDay;
/// 1970-01-01 was a Thursday.
constexpr Nanos kFirstMonday = 4 * kDay;

double share_lost(Money from, Money to) {
    if (from <= Money{}) return 0;
    return static_cast<double>(from.value() - to.value()) / static_cast<double>(from.value());
}

Nanos left_of(const std::optional<Timestamp>& until, Timestamp now) {
    return until ? std::max(Nanos{}, *until - now) : Nanos{};
}

Money in_proportion(Money amount, double factor) {
    return trading::money_of(to_double(amount) * factor).value_or(amount);
}

void append_instant(std::string& out, const std::optional<Timestamp>& at) {
    append_little_endian(out, at ? to_ns(*at) : std::int64_t{0});
}

std::optional<Timestamp> instant_of(ByteReader& in) {
    const auto ns = in.integer<std::int64_t>();
    return ns == 0 ? std::nullopt : std::optional(from_ns(ns));
}

}  // namespace

Timestamp week_of(Timestamp at) { return floor_to(at - kFirstMonday, kWeek) + kFirstMonday; }

double Breakers::Span::loss() const { return std::max(0.0, share_lost(first, lowest)); }

Breakers::Breakers(const Params& params) : params_(params) { failures_.reserve(params.venue_failures_max); }

void Breakers::on_equity(Timestamp at, Money equity) {
    if (equity_ && at < marked_at_) return;
    mark(day_, floor_to(at, kDay), equity);
    mark(week_, week_of(at), equity);
    peak_ = equity_ ? std::max(peak_, equity) : equity;
    equity_ = equity;
    marked_at_ = at;
}

void Breakers::mark(std::optional<Span>& span, Timestamp begins_at, Money equity) const {
    if (!span || span->begins_at != begins_at) {
        const Money first = equity_.value_or(equity);
        span = Span{.begins_at = begins_at, .first = first, .lowest = first};
    }
    span->lowest = std::min(span->lowest, equity);
}

void Breakers::on_transfer(Money amount) {
    if (!equity_ || *equity_ <= Money{}) return;  // nothing to be in proportion to: the next mark begins
    const Money after = *equity_ + amount;
    if (after <= Money{}) {  // all of it was taken out
        equity_.reset();
        day_.reset();
        week_.reset();
        return;
    }
    const double factor = static_cast<double>(after.value()) / static_cast<double>(equity_->value());
    day_ = moved(*day_, factor);
    week_ = moved(*week_, factor);
    peak_ = in_proportion(peak_, factor);
    equity_ = after;
}

Breakers::Span Breakers::moved(const Span& span, double factor) {
    return {.begins_at = span.begins_at,
            .first = in_proportion(span.first, factor),
            .lowest = in_proportion(span.lowest, factor)};
}

void Breakers::on_trade_closed(Timestamp at, Money net) {
    if (net > Money{}) losses_in_row_ = 0;
    if (net >= Money{}) return;
    if (++losses_in_row_ < params_.losses_in_row_max) return;
    losses_in_row_ = 0;
    loss_cooldown_until_ = at + params_.loss_cooldown;
}

void Breakers::on_request_failed(Timestamp at) {
    std::erase_if(failures_, [&](Timestamp before) { return before + params_.venue_failure_window < at; });
    failures_.push_back(at);
    if (failures_.size() < params_.venue_failures_max) return;
    failures_.clear();
    venue_cooldown_until_ = at + params_.venue_cooldown;
}

void Breakers::begin_anew() {
    if (equity_) peak_ = *equity_;
}

std::optional<Nanos> Breakers::equity_age(Timestamp now) const {
    return equity_ ? std::optional(now - marked_at_) : std::nullopt;
}

std::optional<Breakers::Span> Breakers::day(Timestamp now) const {
    return day_ && day_->begins_at == floor_to(now, kDay) ? day_ : std::nullopt;
}

std::optional<Breakers::Span> Breakers::week(Timestamp now) const {
    return week_ && week_->begins_at == week_of(now) ? week_ : std::nullopt;
}

double Breakers::daily_loss(Timestamp now) const {
    const auto span = day(now);
    return span ? span->loss() : 0;
}

double Breakers::weekly_loss(Timestamp now) const {
    const auto span = week(now);
    return span ? span->loss() : 0;
}

std::optional<Money> Breakers::peak() const { return equity_ ? std::optional(peak_) : std::nullopt; }

double Breakers::drawdown() const { return equity_ ? std::max(0.0, share_lost(peak_, *equity_)) : 0; }

Mode Breakers::drawdown_mode() const {
    const double lost = drawdown();
    if (lost >= params_.drawdown_halted) return Mode::halted;
    return lost >= params_.drawdown_reducing ? Mode::reducing : Mode::active;
}

double Breakers::size_multiplier() const {
    const double lost = drawdown();
    const double linear = std::max(0.0, 1 - lost / params_.drawdown_halted);
    return lost >= params_.drawdown_half ? std::min(linear, 0.5) : linear;
}

Nanos Breakers::loss_cooldown_left(Timestamp now) const { return left_of(loss_cooldown_until_, now); }

Nanos Breakers::venue_cooldown_left(Timestamp now) const { return left_of(venue_cooldown_until_, now); }

void Breakers::encode(std::string& out) const {
    append_little_endian(out, kBreakersVersion);
    append_little_endian(out, static_cast<std::uint8_t>(equity_.has_value()));
    append_little_endian(out, losses_in_row_);
    append_instant(out, loss_cooldown_until_);
    if (!equity_) return;
    append_little_endian(out, to_ns(marked_at_));
    append_little_endian(out, equity_->value());
    append_little_endian(out, peak_.value());
    for (const Span& span : {*day_, *week_}) {
        append_little_endian(out, to_ns(span.begins_at));
        append_little_endian(out, span.first.value());
        append_little_endian(out, span.lowest.value());
    }
}

Result<void> Breakers::decode(std::string_view bytes) {
    ByteReader in(bytes);
    const auto version = in.integer<std::uint8_t>();
    if (in.is_intact() && version != kBreakersVersion)
        return fail(Errc::unsupported, "the stored losses are of another version of the program");
    Breakers read(params_);
    const auto has_equity = in.integer<std::uint8_t>();
    read.losses_in_row_ = in.integer<std::uint32_t>();
    read.loss_cooldown_until_ = instant_of(in);
    if (has_equity == 1) {
        read.marked_at_ = from_ns(in.integer<std::int64_t>());
        read.equity_ = Money{in.integer<std::int64_t>()};
        read.peak_ = Money{in.integer<std::int64_t>()};
        for (std::optional<Span>* span : {&read.day_, &read.week_}) {
            const auto begins_at = from_ns(in.integer<std::int64_t>());
            const Money first{in.integer<std::int64_t>()};
            *span = Span{.begins_at = begins_at, .first = first, .lowest = Money{in.integer<std::int64_t>()}};
        }
    }
    if (has_equity > 1 || !in.is_intact() || in.remaining() > 0)
        return fail(Errc::malformed, "the stored losses are damaged");
    *this = std::move(read);
    return {};
}

}  // namespace vt::risk
