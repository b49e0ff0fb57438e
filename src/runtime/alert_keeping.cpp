#include "runtime/alert_keeping.hpp"

#include "alerts/alert_codec.hpp"
#include "alerts/occurrence_json.hpp"
#include "alerts/rule_json.hpp"
#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/named_thread.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kLookForSeen{20};
constexpr std::chrono::seconds kAlertsAgainAfter{2};
constexpr Nanos kReadEvery = std::chrono::seconds{1};
constexpr Nanos kForgetEvery = std::chrono::hours{1};
constexpr std::size_t kToldBefore = 1'000;  // alerts whose cooldowns a start goes on with

records::AlertRow row_of(const alerts::Alert& alert, const std::string& market) {
    JsonWriter body;
    alerts::write_alert(body, alert);
    records::AlertRow row{.market = market,
                          .id = alert.id,
                          .at = alert.at,
                          .kind = std::string(name(alert.kind)),
                          .severity = std::string(name(alert.severity)),
                          .instrument = alert.instrument,
                          .rule = alert.rule,
                          .body = body.take()};
    alerts::encode_alert(alert, row.follow);
    return row;
}

records::DeliveryRow row_of(alerts::Delivery delivery, const std::string& market) {
    return {.market = market,
            .alert = std::move(delivery.alert),
            .channel = std::move(delivery.channel),
            .state = std::string(name(delivery.state)),
            .queued_at = delivery.queued_at,
            .attempts = delivery.attempts,
            .settled_at = delivery.settled_at,
            .message = std::move(delivery.message),
            .receipt = std::move(delivery.receipt),
            .problem = std::move(delivery.problem)};
}

/// Of one that is not settled.
alerts::Delivery delivery_of(const records::DeliveryRow& row) {
    const bool is_sending = row.state == name(alerts::DeliveryState::sending);
    return {.alert = row.alert,
            .channel = row.channel,
            .state = is_sending ? alerts::DeliveryState::sending : alerts::DeliveryState::waiting,
            .queued_at = row.queued_at,
            .attempts = row.attempts,
            .message = row.message,
            .problem = row.problem};
}

/// The oldest beyond the room that there is. out: how many
template <class Rows>
std::uint64_t drop_over(Rows& rows, std::size_t room) {
    if (rows.size() <= room) return 0;
    const std::size_t over = rows.size() - room;
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(over));
    return over;
}

}  // namespace

Result<std::unique_ptr<AlertKeeping>> AlertKeeping::start(Params params, Timestamp now) {
    std::unique_ptr<AlertKeeping> keeping(new AlertKeeping(std::move(params)));
    keeping->use_rules(alerts::usual_rules());
    keeping->outbox_.set_channels(keeping->params_.channels, now);
    if (keeping->params_.url) {
        Result<void> loaded = keeping->load(now);
        if (!loaded && loaded.error().code != Errc::unavailable)
            return tl::unexpected<Error>(std::move(loaded.error()));
        if (!loaded)
            obs::log_warning("alerts", "the usual rules hold until the own ones can be read: " + loaded.error().what);
    }
    keeping->thread_ = named_thread("alerts", [raw = keeping.get()] { raw->run(); });
    return keeping;
}

AlertKeeping::~AlertKeeping() { stop(); }

Result<void> AlertKeeping::open() {
    if (repository_ && repository_->database().is_usable()) return {};
    repository_.reset();
    if (Result<void> held = params_.claim->hold(); !held) return held;
    VT_TRY(auto database, records::open_database(*params_.url));
    VT_TRY(repository_, records::Repository::open(std::move(database), net::wall_now()));
    return {};
}

Result<void> AlertKeeping::load(Timestamp now) {
    if (Result<void> opened = open(); !opened) return opened;
    records::Database& database = repository_->database();
    VT_TRY(const auto kept, records::alert_rules(database, params_.market));
    std::vector<alerts::Rule> rules;
    for (const records::RuleRow& row : kept) {
        auto rule = alerts::parse_rule(row.body);
        std::string fault;
        if (!rule) {
            fault = rule.error().what;
        } else if (rule->name != row.name) {
            fault = "it calls itself " + rule->name;
        } else if (rules.size() == alerts::kMostRules) {
            fault = "more than " + std::to_string(alerts::kMostRules) + " are not taken";
        } else {
            rules.push_back(std::move(*rule));
            continue;
        }
        obs::log_error("alerts", "the rule " + row.name + " is left out: " + fault);
    }
    if (rules.empty() && !kept.empty()) obs::log_error("alerts", "no rule is sound: the usual ones hold");
    use_rules(rules.empty() ? alerts::usual_rules() : std::move(rules));
    VT_TRY(const auto page, records::alerts_of(database, {.market = params_.market, .limit = kToldBefore}));
    for (const records::AlertRow& row : page.alerts) {
        if (now - row.at > alerts::kCooldownMost) break;
        VT_TRY(const auto whole, records::alert_with_id(database, params_.market, row.id));
        if (!whole) continue;
        if (const auto alert = alerts::decode_alert(whole->follow)) book_.resume(*alert);
    }
    if (Result<void> resumed = resume_deliveries(now); !resumed) return resumed;
    is_loaded_ = true;
    return {};
}

Result<void> AlertKeeping::resume_deliveries(Timestamp now) {
    VT_TRY(const auto left, records::unsettled_alerts(repository_->database(), params_.market));
    std::map<std::string, std::shared_ptr<const alerts::Alert>> by_id;
    for (const records::AlertRow& row : left.alerts)
        if (auto alert = alerts::decode_alert(row.follow))
            by_id.emplace(row.id, std::make_shared<const alerts::Alert>(std::move(*alert)));
    for (const records::DeliveryRow& row : left.deliveries) {
        const auto alert = by_id.find(row.alert);
        if (alert != by_id.end()) {
            outbox_.resume(delivery_of(row), alert->second, now);
            continue;
        }
        records::DeliveryRow dead = row;
        dead.state = name(alerts::DeliveryState::dead);
        dead.settled_at = now;
        dead.problem = "what was to be delivered is of another version of the program: it stays in the inbox";
        deliveries_.insert_or_assign({dead.alert, dead.channel}, dead);
    }
    keep_deliveries();
    return {};
}

void AlertKeeping::use_rules(std::vector<alerts::Rule> rules) {
    book_.set_rules(rules);
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
    const auto has = [&](alerts::Kind kind) {
        return std::ranges::any_of(rules_, [&](const alerts::Rule& rule) { return rule.kind == kind && rule.is_on; });
    };
    has_price_levels_ = has(alerts::Kind::price_level);
    has_score_levels_ = has(alerts::Kind::score_level);
}

void AlertKeeping::see(std::shared_ptr<const alerts::Occurrence> seen) {
    const std::lock_guard lock(mutex_);
    if (seen_.size() >= kSeenMax) {
        const auto less =
            std::ranges::find_if(seen_, [](const auto& one) { return one->severity != alerts::Severity::critical; });
        seen_.erase(less != seen_.end() ? less : seen_.begin());
        ++lost_;
    }
    seen_.push_back(std::move(seen));
}

void AlertKeeping::read(const engine::Scored& scored, const market::Instrument& instrument) {
    if (!scored.record->score) return;
    const std::lock_guard lock(mutex_);
    if (!has_score_levels_) return;
    if (scores_.size() >= kSeenMax) {
        ++lost_;
        return;
    }
    const double score = *scored.record->score;
    scores_.push_back({.kind = alerts::Kind::score_level,
                       .instrument = instrument.path_id(),
                       .symbol = instrument.symbol,
                       .at = scored.record->at,
                       .low = score,
                       .high = score,
                       .last = score,
                       .decimals = 1});
}

void AlertKeeping::look(const views::Snapshot& picture) {
    const std::lock_guard lock(mutex_);
    now_ = picture.at;
    if (!has_price_levels_ || (looked_at_ && picture.at - *looked_at_ < kReadEvery)) return;
    looked_at_ = picture.at;
    readings_.clear();  // of a thread that is behind: the newest reading of a minute holds those before
    constexpr auto kMinutes = static_cast<std::size_t>(market::Timeframe::m1);
    for (std::size_t i = 0; i < picture.rows.size() && i < picture.details.size(); ++i) {
        const views::CandlesView& candles = picture.details[i]->candles[kMinutes];
        const market::Instrument& instrument = picture.rows[i].instrument;
        const auto read = [&](const market::Candle& candle) {
            readings_.push_back({.kind = alerts::Kind::price_level,
                                 .instrument = instrument.path_id(),
                                 .symbol = instrument.symbol,
                                 .at = candle.open_time,
                                 .low = candle.low,
                                 .high = candle.high,
                                 .last = candle.close,
                                 .decimals = instrument.tick_size.scale});
        };
        // the last one whole: what it did after the look before is part of it
        if (candles.closed && !candles.closed->empty()) read(candles.closed->back());
        if (candles.open) read(*candles.open);
    }
}

void AlertKeeping::take_seen() {
    std::deque<std::shared_ptr<const alerts::Occurrence>> seen;
    std::vector<alerts::Reading> readings;
    std::optional<Timestamp> now;
    {
        const std::lock_guard lock(mutex_);
        seen.swap(seen_);
        readings.swap(readings_);
        readings.insert(readings.end(), scores_.begin(), scores_.end());
        scores_.clear();
        now = now_;
    }
    std::vector<alerts::Alert> told;
    for (const auto& one : seen) {
        book_.take(*one, told);
        records::OccurrenceRow row{.market = params_.market,
                                   .at = one->at,
                                   .run = params_.run,
                                   .number = ++number_,
                                   .kind = std::string(name(one->kind))};
        alerts::encode_occurrence(*one, row.body);
        if (params_.url) rows_.occurrences.push_back(std::move(row));
    }
    for (const alerts::Reading& reading : readings) book_.take(reading, told);
    if (now && (!timed_at_ || *now - *timed_at_ >= kReadEvery)) {
        timed_at_ = now;
        book_.on_time(*now, told);
    }
    if (!book_.take_spent().empty()) {
        are_rules_changed_ = true;
        const std::lock_guard lock(mutex_);
        rules_ = book_.rules();
    }
    if (told.empty()) return;
    keep_rows(told);
    if (params_.tell) params_.tell(told);
    for (alerts::Alert& alert : told) {
        const auto rule = std::ranges::find(book_.rules(), alert.rule, &alerts::Rule::name);
        const auto channels = rule == book_.rules().end() ? std::vector<std::string>() : rule->channels;
        const auto kept = std::make_shared<const alerts::Alert>(std::move(alert));
        // a channel that its rule names and that is not there must not silence what is critical
        if (outbox_.put(kept, channels, net::wall_now()) == 0 && kept->severity == alerts::Severity::critical)
            outbox_.put(kept, {}, net::wall_now());
    }
    keep_deliveries();
}

void AlertKeeping::keep_deliveries() {
    for (alerts::Delivery& delivery : outbox_.take_changes())
        if (params_.url) {
            std::pair<std::string, std::string> key{delivery.alert, delivery.channel};
            deliveries_.insert_or_assign(std::move(key), row_of(std::move(delivery), params_.market));
        }
}

void AlertKeeping::take_outcomes() {
    std::vector<std::pair<std::string, alerts::Outcome>> came;
    {
        const std::lock_guard lock(outcomes_->mutex);
        came.swap(outcomes_->by_channel);
    }
    for (const auto& [channel, outcome] : came) {
        if (outcome.kind != alerts::Outcome::Kind::delivered)
            obs::log_warning("alerts", "the channel " + channel + ": " + outcome.problem);
        outbox_.on_outcome(channel, outcome, net::wall_now());
    }
    keep_deliveries();
}

void AlertKeeping::send_due() {
    if (!params_.send) return;
    while (auto message = outbox_.next(net::wall_now())) begun_.push_back(std::move(*message));
    keep_deliveries();
    if (begun_.empty()) return;
    (void)store_rows();  // where it cannot be stored it is said, and sent all the same
    for (const alerts::Message& message : std::exchange(begun_, {}))
        params_.send(message, [outcomes = outcomes_, channel = message.channel](alerts::Outcome outcome) {
            const std::lock_guard lock(outcomes->mutex);
            outcomes->by_channel.emplace_back(channel, std::move(outcome));
        });
}

void AlertKeeping::flush() {
    const auto deadline = std::chrono::steady_clock::now() + kFlush;
    do {
        take_outcomes();
        send_due();
        if (!outbox_.is_sending()) return;
        std::this_thread::sleep_for(kLookForSeen);
    } while (std::chrono::steady_clock::now() < deadline);
}

void AlertKeeping::keep_rows(const std::vector<alerts::Alert>& told) {
    if (!params_.url) return;
    for (const alerts::Alert& alert : told) rows_.alerts.push_back(row_of(alert, params_.market));
}

Result<void> AlertKeeping::store_rules() {
    std::vector<records::RuleRow> rows;
    for (const alerts::Rule& rule : book_.rules()) {
        JsonWriter body;
        alerts::write_rule(body, rule);
        rows.push_back({params_.market, rule.name, body.take()});
    }
    Result<void> stored = records::replace_alert_rules(repository_->database(), params_.market, rows);
    if (stored) are_rules_changed_ = false;
    return stored;
}

bool AlertKeeping::store_rows() {
    if (!params_.url || (rows_.is_empty() && deliveries_.empty() && is_loaded_)) return true;
    // a server that does not answer costs seconds each time: what is to be sent must not wait for it again and again
    if (std::chrono::steady_clock::now() < store_after_) return false;
    Result<void> stored = is_loaded_ ? open() : load(net::wall_now());
    if (stored) {
        rows_.deliveries.clear();
        for (const auto& [key, delivery] : deliveries_) rows_.deliveries.push_back(delivery);
        stored = records::store_alerts(repository_->database(), rows_);
    }
    if (stored && are_rules_changed_) stored = store_rules();
    if (stored) {
        rows_ = {};
        deliveries_.clear();
    } else {
        store_after_ = std::chrono::steady_clock::now() + kAlertsAgainAfter;
    }
    std::uint64_t over =
        stored ? 0 : drop_over(rows_.alerts, kRowsMax / 2) + drop_over(rows_.occurrences, kRowsMax / 2);
    if (deliveries_.size() > kRowsMax / 2)
        over += std::erase_if(deliveries_, [](const auto& one) { return one.second.settled_at.has_value(); });
    const std::lock_guard lock(mutex_);
    lost_ += over;
    if (!stored && problem_.empty()) obs::log_error("alerts", stored.error().what);
    problem_ = stored ? std::string() : stored.error().what;
    return stored.has_value();
}

void AlertKeeping::forget_old(Timestamp now) {
    if (!params_.url || (forgot_at_ && now - *forgot_at_ < kForgetEvery)) return;
    forgot_at_ = now;
    if (!open()) return;  // said by the next store
    const auto gone = records::forget_alerts(repository_->database(), now - kOccurrencesKept, now - kAlertsKept);
    if (!gone) obs::log_warning("alerts", "old alerts could not be removed: " + gone.error().what);
}

void AlertKeeping::run() {
    while (!is_stopping_.load()) {
        std::this_thread::sleep_for(kLookForSeen);
        take_outcomes();
        take_seen();
        send_due();
        if (store_rows()) forget_old(net::wall_now());
    }
    take_seen();
    flush();
    store_after_ = {};
    if (!store_rows()) obs::log_error("alerts", "what was told last could not be stored");
}

void AlertKeeping::stop() {
    is_stopping_.store(true);
    if (thread_.joinable()) thread_.join();
}

std::vector<alerts::Rule> AlertKeeping::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

std::string AlertKeeping::hindrance() const {
    const std::lock_guard lock(mutex_);
    if (lost_ > 0)
        return std::to_string(lost_) + " alerts or things that may be worth one found no room" +
               (problem_.empty() ? "" : ": " + problem_);
    return problem_.empty() ? std::string() : "alerts are not stored: " + problem_;
}

}  // namespace vt::runtime
