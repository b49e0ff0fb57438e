#include "risk/pre_trade.hpp"

#include "base/bytes.hpp"
#include "risk/equity_share.hpp"
#include "trading/margin_tier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::risk {
namespace {

using trading::Money;
using enum DenialCode;

/// No venue takes so many, and sums of a few of them still fit.
constexpr Lots kLotsMax{1'000'000'000'000'000'000};

std::optional<double> seconds_of(const std::optional<Nanos>& span) {
    return span ? std::optional(to_seconds(*span)) : std::nullopt;
}

std::string_view allowed_unit(SizeRule rule) {
    switch (rule) {
        case SizeRule::stop_risk: return "units, bound by what is lost at the stop";
        case SizeRule::volatility: return "units, bound by the market's volatility";
        case SizeRule::kelly: return "units, bound by the edge";
        case SizeRule::position_room: return "units, bound by the room in this market";
        case SizeRule::venue_maximum: return "units, bound by the venue's largest order";
    }
    return "units";
}

/// A trade with everything that its later checks ask for.
struct PlannedTrade {
    TradePlan plan;
    QuantityLimits limits;
    Lots quantity;  ///< that is judged: the one asked for or sized, but never less than the least
    Money risk;
    std::uint32_t leverage = 1;
    std::optional<double> maintenance_rate;
    Money open_worth;  ///< of the market with it, at the mark
    WorstCase worst;
};

/// Asks one intent everything. Each group of checks is a function; a check whose inputs are not there is recorded as
/// not known, so that the list has the same length and order whatever is missing.
class Questions {
public:
    Questions(const OrderIntent& intent, const MarketView& market, const PreTrade& desk)
        : intent_(intent),
          market_(market),
          params_(desk.params()),
          exposure_(desk.exposure()),
          breakers_(desk.breakers()),
          mode_(desk.state().mode()),
          equity_(desk.breakers().equity()) {}

    void ask_account(bool has_contradictions, bool is_account_known) {
        put(asked(limits_contradict, !has_contradictions, "limits agree with each other"));
        put(asked(halted, mode_ != Mode::halted, "trading is not halted"));
        put(asked(reducing, mode_ != Mode::reducing, "new positions are not suspended"));
        put(asked(account_unknown, is_account_known, "open positions and orders are the venue's"));
        put(at_most(equity_stale, seconds_of(breakers_.equity_age(intent_.at)), to_seconds(params_.equity_age_max),
                    "s of the equity's age"));
        put(asked(equity_spent, equity_ ? std::optional(*equity_ > Money{}) : std::nullopt, "there is equity"));
        put(at_most(stop_unconfirmed, to_seconds(exposure_.longest_unprotected(intent_.at)),
                    to_seconds(params_.stop_confirm_max), "s without a stop"));
        put(asked(duplicate_order, !exposure_.is_held(intent_.id), "the id is new"));
    }

    void ask_losses() {
        const Timestamp now = intent_.at;
        put(below(daily_loss, known(breakers_.daily_loss(now)), params_.daily_loss_max, "of the day's first equity"));
        put(below(weekly_loss, known(breakers_.weekly_loss(now)), params_.weekly_loss_max,
                  "of the week's first equity"));
        put(at_most(loss_cooldown, to_seconds(breakers_.loss_cooldown_left(now)), 0, "s of pause after losses"));
        put(intent_.health ? below(edge_decayed, intent_.health->decay, intent_.health->alarm,
                                   "deviations short of what was claimed")
                           : asked(edge_decayed, true, "not judged: too few outcomes yet"));
    }

    void ask_market(const std::string& currency) {
        const market::Instrument& instrument = market_.instrument;
        put(asked(not_tradable, instrument.is_trading(), "the venue takes orders"));
        const bool is_spot = instrument.category == market::Category::spot;
        const std::string& settles_in = is_spot ? instrument.quote : instrument.settle;
        put(asked(contract_unsupported,
                  instrument.category != market::Category::inverse && settles_in == currency &&
                      !(is_spot && intent_.side == market::Side::sell),
                  "linear or spot in the account's currency"));
        put(asked(filters_missing, limits().has_value(), "the venue's least size and worth are known"));
        const bool is_resting = breakers_.venue_cooldown_left(intent_.at) > Nanos{};
        put(asked(venue_degraded,
                  is_resting
                      ? std::optional(false)
                      : (market_.is_venue_degraded ? std::optional(!*market_.is_venue_degraded) : std::nullopt),
                  "the venue works"));
        put(at_most(latency_high, seconds_of(market_.venue_latency), to_seconds(params_.latency_max),
                    "s to the venue and back"));
        put(at_most(book_stale, seconds_of(market_.book_age), to_seconds(params_.book_age_max), "s of book age"));
        put(at_most(mark_stale, market_.terms.mark ? seconds_of(market_.mark_age) : std::nullopt,
                    to_seconds(params_.mark_age_max), "s of the mark price's age"));
        put(at_most(spread_wide, market_.spread_bps, params_.spread_max_bps, "bps"));
    }

    void ask_trade() {
        put(asked(position_opposed, !exposure_.opposes(market_.instrument.id, intent_.side),
                  "nothing is open on the other side"));
        put(asked(stop_missing, intent_.stop.has_value(), "it has a stop"));
        put(asked(stop_side, intent_.stop ? std::optional(is_stop_sane()) : std::nullopt,
                  "the stop is on the losing side of the entry"));
        put(asked(volatility_unknown, market_.annual_volatility.value_or(0) > 0, "the volatility is known"));
        if (!intent_.chance) {
            put(asked(no_edge, true, "not judged: not calibrated yet"));
        } else {
            Check edge = at_least(no_edge, kelly_share(*intent_.chance, params_.kelly_fraction), 0,
                                  "of the equity at risk, by Kelly's rule");
            edge.passes = *edge.value > 0;
            put(edge);
        }
    }

    /// Sizes the trade, where there is everything to size it by.
    void plan_trade() {
        const auto& mark = market_.terms.mark;
        const auto limits = this->limits();
        const auto held = exposure_.notional(market_.instrument.id);
        if (!intent_.stop || !is_stop_sane() || !limits || !mark || *mark <= Ticks{} || !held || !equity_ ||
            *equity_ <= Money{})
            return;
        PlannedTrade& trade = trade_.emplace();
        trade.plan = {.side = intent_.side,
                      .entry = intent_.entry,
                      .stop = *intent_.stop,
                      .costs = intent_.costs,
                      .chance = intent_.chance};
        trade.limits = *limits;
        const Money room = share_of(*equity_, params_.position_max) - *held;
        sizing_ = size_of({.instrument = market_.instrument,
                           .plan = trade.plan,
                           .limits = *limits,
                           .equity = *equity_,
                           .multiplier = breakers_.size_multiplier(),
                           .annual_volatility = market_.annual_volatility,
                           .mark = *mark,
                           .room = std::max(room, Money{}),
                           .related_risk = exposure_.open_risk(market_.terms.cluster, intent_.side)},
                          params_);
        trade.quantity = std::max(intent_.quantity.value_or(sizing_->quantity), limits->least);
        const auto risk = loss_at_stop(market_.instrument, trade.plan, trade.quantity);
        const auto worth = trading::notional_of(market_.instrument, *mark, trade.quantity);
        std::int64_t open_worth = 0;
        if (!risk || !worth || trade.quantity > kLotsMax ||
            __builtin_add_overflow(held->value(), worth->value(), &open_worth)) {
            trade_.reset();
            return;
        }
        trade.risk = *risk;
        choose_leverage(trade, Money{open_worth});
        trade.worst = exposure_.worst_case_with(market_.instrument, reservation(), market_.terms);
    }

    void ask_size() {
        const market::Instrument& instrument = market_.instrument;
        put(cost_check());
        const bool has_size = intent_.quantity.has_value() || sizing_.has_value();
        const Lots size = intent_.quantity.value_or(sizing_ ? sizing_->quantity : Lots{});
        const auto limits = this->limits();
        const auto units = has_size ? std::optional(instrument.quantity(size)) : std::nullopt;
        put(at_least(size_below_lot, limits ? units : std::nullopt, limits ? instrument.quantity(limits->least) : 0,
                     "units"));
        put(asked(size_off_step,
                  has_size && limits ? std::optional(limits->rounded_down(size) == size) : std::nullopt,
                  "a whole number of steps"));
        put(sizing_ ? at_most(size_above_allowed, units, instrument.quantity(sizing_->quantity),
                              allowed_unit(sizing_->bound_by))
                    : asked(size_above_allowed, std::nullopt, "units"));
        const auto worth = has_size ? trading::notional_of(instrument, intent_.entry, size) : std::nullopt;
        put(at_least(notional_below_min, worth ? std::optional(trading::to_double(*worth)) : std::nullopt,
                     instrument.limits.notional_min.value_or(Decimal{}).to_double(), "of the quote currency"));
    }

    void ask_exposure() {
        const WorstCase worst = trade_ ? trade_->worst : WorstCase{};
        put(within(open_risk, worst.open_risk, params_.open_risk_max));
        put(within(max_position, worst.instrument, params_.position_max));
        put(within(max_cluster, worst.cluster, params_.cluster_max));
        put(within(max_net, worst.net, params_.net_max));
        put(within(max_gross, worst.gross, params_.gross_max));
        put(within(max_beta, worst.beta, params_.beta_max));
        put(shortfall_check());
        const auto counted = [&](std::uint32_t count) {
            return trade_ ? std::optional<double>(count) : std::nullopt;
        };
        put(at_most(max_positions, counted(worst.positions), params_.positions_max, "positions"));
        put(at_most(max_orders, counted(worst.orders), params_.orders_max, "orders that may open something"));
        std::optional<double> way;
        if (trade_ && trade_->maintenance_rate)
            way = liquidation_share(stop_share(*trade_), trade_->leverage, *trade_->maintenance_rate);
        put(at_most(liquidation_near, way, params_.liquidation_share_max, "of the way to liquidation"));
        put(within(margin_short, worst.margin, params_.margin_max));
        put(tier_check());
    }

    void ask_reduction() {
        const Lots net = exposure_.net(market_.instrument.id);
        const Lots size = net < Lots{} ? -net : net;
        const bool is_opposite = intent_.side == market::Side::buy ? net < Lots{} : net > Lots{};
        const Lots quantity = intent_.quantity.value_or(size);
        put(asked(not_reducing, is_opposite && quantity > Lots{} && quantity <= size, "makes the position smaller"));
        reduction_ = quantity;
    }

    /// in: after a trade was planned
    [[nodiscard]] Reservation reservation() const {
        return {.id = intent_.id,
                .side = intent_.side,
                .quantity = trade_->quantity,
                .stop = trade_->plan.stop,
                .risk = trade_->risk,
                .leverage = trade_->leverage};
    }

    [[nodiscard]] Decision decide() {
        Decision decision{.approval = {}, .checks = std::move(checks_), .sizing = sizing_};
        if (!decision.denials().empty()) return decision;
        if (reduction_) {
            decision.approval =
                Approval{.quantity = *reduction_, .leverage = exposure_.leverage(market_.instrument.id).value_or(1)};
            return decision;
        }
        Approval& approval = decision.approval.emplace();
        approval.quantity = trade_->quantity;
        approval.leverage = trade_->leverage;
        approval.risk = trade_->risk;
        const double price = liquidation_price(intent_.side, market_.instrument.price(intent_.entry),
                                               trade_->leverage, *trade_->maintenance_rate);
        if (price > 0) approval.liquidates_at = price;
        if (!intent_.quantity) approval.bound_by = sizing_->bound_by;
        return decision;
    }

private:
    void put(Check check) { checks_.push_back(check); }

    /// Losses are known with the equity.
    [[nodiscard]] std::optional<double> known(double loss) const {
        return equity_ ? std::optional(loss) : std::nullopt;
    }

    [[nodiscard]] std::optional<QuantityLimits> limits() const {
        return quantity_limits(market_.instrument, intent_.kind);
    }

    [[nodiscard]] bool is_stop_sane() const {
        if (intent_.entry <= Ticks{} || *intent_.stop <= Ticks{}) return false;
        return intent_.side == market::Side::buy ? *intent_.stop < intent_.entry : *intent_.stop > intent_.entry;
    }

    /// What the market may be worth at the leverage that it has or gets, as the venue's tiers have it.
    [[nodiscard]] Check tier_check() const {
        constexpr std::string_view kUnit = "of the quote currency in this market";
        if (market_.instrument.margin_tiers.empty())
            return asked(margin_tier, true, "not judged: the venue's tiers are not known");
        if (!trade_) return asked(margin_tier, std::nullopt, kUnit);
        const auto most = trading::worth_most_at(market_.instrument.margin_tiers, trade_->leverage);
        Check check = at_most(margin_tier, trading::to_double(trade_->open_worth),
                              trading::to_double(most.value_or(Money{})), kUnit);
        check.passes = most && trade_->open_worth <= *most;
        return check;
    }

    [[nodiscard]] Check shortfall_check() const {
        if (params_.expected_shortfall_max == 0)
            return asked(max_shortfall, true, "not limited: expected_shortfall_max is 0");
        const auto worst =
            trade_ ? exposure_.worst_shortfall_with(market_.instrument, reservation(), market_.terms) : std::nullopt;
        return within(max_shortfall, worst ? std::optional(worst->amount) : std::nullopt,
                      params_.expected_shortfall_max);
    }

    /// An amount against a share of the equity, compared exactly.
    [[nodiscard]] Check within(DenialCode code, const std::optional<Money>& amount, double limit) const {
        const auto share = amount && equity_ ? share_in(*equity_, *amount) : std::nullopt;
        Check check = at_most(code, share, limit, "of the equity");
        if (share) check.passes = *amount <= share_of(*equity_, limit);
        return check;
    }

    [[nodiscard]] double stop_share(const PlannedTrade& trade) const {
        const Ticks way = trade.plan.entry - trade.plan.stop;
        return std::abs(static_cast<double>(way.value()) / static_cast<double>(trade.plan.entry.value()));
    }

    /// The leverage of what is open, or the highest that keeps liquidation far enough behind the stop.
    void choose_leverage(PlannedTrade& trade, Money worth) const {
        const auto& tiers = market_.instrument.margin_tiers;
        const market::MarginTier* const tier = trading::tier_of(tiers, worth);
        trade.open_worth = worth;
        if (market_.instrument.category == market::Category::spot) {
            trade.maintenance_rate = 0;
        } else if (tier != nullptr) {
            trade.maintenance_rate = trading::maintenance_share(*tier, worth);
        } else if (tiers.empty()) {
            trade.maintenance_rate = params_.maintenance_rate;
        }
        if (const auto open = exposure_.leverage(market_.instrument.id)) {
            trade.leverage = *open;
            return;
        }
        std::uint32_t most = params_.leverage_max;
        const auto whole = [](const Decimal& leverage) {
            return static_cast<std::uint32_t>(std::clamp(leverage.to_double(), 1.0, 1000.0));
        };
        if (tier != nullptr) most = std::min(most, whole(tier->leverage_max));
        if (const auto& venue = market_.instrument.limits.leverage_max) most = std::min(most, whole(*venue));
        if (market_.instrument.category == market::Category::spot) most = 1;
        const double rate = trade.maintenance_rate.value_or(params_.maintenance_rate);
        trade.leverage =
            std::max<std::uint32_t>(1, leverage_for(stop_share(trade), rate, params_.liquidation_share_max, most));
    }

    /// Costs against what the trade is expected to bring before them. The book says what a usual size costs, the
    /// square-root law what a large one does: the worse of both counts.
    [[nodiscard]] Check cost_check() const {
        if (!intent_.chance) return asked(cost_high, true, "not judged: not calibrated yet");
        std::optional<double> share;
        const auto worth =
            trade_ ? trading::notional_of(market_.instrument, intent_.entry, trade_->quantity) : std::nullopt;
        if (worth && market_.annual_volatility && market_.turnover_24h.value_or(0) > 0) {
            const double daily = *market_.annual_volatility / annualised(1, kDay);
            const double impact_bps =
                square_root_impact(daily, trading::to_double(*worth), *market_.turnover_24h) * 1e4;
            const signals::Costs& costs = intent_.costs;
            const double cost_bps =
                2 * costs.fee_bps + std::max(costs.entry_bps, impact_bps) + std::max(costs.exit_bps, impact_bps);
            const WinChance& chance = *intent_.chance;
            const double loss_bps = stop_share(*trade_) * 1e4 + costs.round_trip_bps();
            const double net_bps = ((chance.payoff + 1) * chance.probability - 1) * loss_bps;
            const double gross_bps = net_bps + costs.round_trip_bps();
            if (gross_bps > 0) share = cost_bps / gross_bps;
        }
        return at_most(cost_high, share, params_.cost_edge_share_max, "of the expected gain");
    }

    const OrderIntent& intent_;
    const MarketView& market_;
    const Params& params_;
    const Exposure& exposure_;
    const Breakers& breakers_;
    Mode mode_;
    std::optional<Money> equity_;
    std::vector<Check> checks_;
    std::optional<Sizing> sizing_;
    std::optional<PlannedTrade> trade_;
    std::optional<Lots> reduction_;
};

}  // namespace

std::vector<DenialCode> Decision::denials() const {
    std::vector<DenialCode> codes;
    for (const Check& check : checks) {
        if (check.denies()) codes.push_back(check.code);
    }
    return codes;
}

PreTrade::PreTrade(const Params& params, std::string currency)
    : params_(params),
      currency_(std::move(currency)),
      contradictions_(contradictions(params)),
      exposure_(params),
      breakers_(params) {}

Decision PreTrade::approve(const OrderIntent& intent, const MarketView& market) {
    exposure_.expire(intent.at);
    Decision decision = judge(intent, market);
    if (decision.approval && !intent.is_reduce_only) {
        exposure_.reserve(market.instrument,
                          {.id = intent.id,
                           .side = intent.side,
                           .quantity = decision.approval->quantity,
                           .stop = *intent.stop,
                           .risk = decision.approval->risk,
                           .leverage = decision.approval->leverage},
                          market.terms);
    }
    return decision;
}

Decision PreTrade::judge(const OrderIntent& intent, const MarketView& market) const {
    Questions questions(intent, market, *this);
    if (intent.is_reduce_only) {
        questions.ask_reduction();
        return questions.decide();
    }
    questions.ask_account(!contradictions_.empty(), is_account_known_);
    questions.ask_losses();
    questions.ask_market(currency_);
    questions.ask_trade();
    questions.plan_trade();
    questions.ask_size();
    questions.ask_exposure();
    return questions.decide();
}

std::optional<ModeChange> PreTrade::on_equity(Timestamp at, Money equity) {
    breakers_.on_equity(at, equity);
    const Mode asked_for = breakers_.drawdown_mode();
    if (asked_for == Mode::active) return std::nullopt;
    return state_.make_safer(asked_for, at, kByDrawdown,
                             asked_for == Mode::halted ? "the equity fell by drawdown_halted from its peak"
                                                       : "the equity fell by drawdown_reducing from its peak");
}

Result<ModeChange> PreTrade::release(Mode mode, Timestamp at, std::string_view who, std::string_view reason) {
    auto change = state_.release(mode, at, who, reason);
    if (change) breakers_.begin_anew();
    return change;
}

void PreTrade::encode(std::string& out) const {
    std::string part;
    state_.encode(part);
    append_text<std::uint32_t>(out, part);
    part.clear();
    breakers_.encode(part);
    append_text<std::uint32_t>(out, part);
}

void PreTrade::restore(std::string_view bytes, Timestamp at) {
    ByteReader in(bytes);
    const std::string_view state = in.text<std::uint32_t>();
    const std::string_view losses = in.text<std::uint32_t>();
    const bool is_whole = in.is_intact() && in.remaining() == 0;
    state_ = TradingState::restored(is_whole ? state : std::string_view{}, at);
    const auto read = breakers_.decode(losses);
    if (!read)
        state_.make_safer(Mode::halted, at, "start", read.error().what + ": look at the losses, then release it");
}

}  // namespace vt::risk
