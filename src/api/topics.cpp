#include "api/topics.hpp"

#include "api/json.hpp"
#include "api/signal_pages.hpp"
#include "api/trading_json.hpp"
#include "base/assert.hpp"

#include <algorithm>

namespace vt::api {
namespace {

constexpr std::size_t kTradesKept = 100;
constexpr std::size_t kCandlesKept = views::kCandlesShown + 1;

template <auto kWrite>
void without_frame(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row, market::Timeframe /*frame*/) {
    kWrite(out, snapshot, row);
}
void newest_footprints(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row) {
    write_footprint(out, snapshot, row, kFootprintMinutes);
}
template <auto kWriteMembers>
void as_object(JsonWriter& out, const views::Snapshot& snapshot) {
    out.begin_object();
    kWriteMembers(out, snapshot);
    out.end_object();
}
void all_liquidations(JsonWriter& out, const views::Snapshot& snapshot, std::size_t row) {
    write_liquidations(out, snapshot, row, views::kLiquidationsShown);
}

}  // namespace

const std::array<Topics::WholeMarket, 8> Topics::kWholeMarket = {{
    {"overview", Kind::overview},
    {"system", Kind::system},
    {"signals", Kind::signals},
    {"jobs", Kind::jobs},
    {"positions", Kind::account, as_object<write_positions>},
    {"orders", Kind::account, as_object<write_orders>},
    {"portfolio", Kind::account, as_object<write_portfolio>},
    {"risk", Kind::account, as_object<write_risk>},
}};

bool Topics::is_of_account(std::string_view name) {
    const auto* const whole = std::ranges::find(kWholeMarket, name, &WholeMarket::name);
    return whole != kWholeMarket.end() && whole->kind == Kind::account;
}

const std::array<Topics::Family, 11> Topics::kFamilies = {{
    {"score", Kind::score},
    {"book", Kind::book},
    {"markets", Kind::markets},
    {"trades", Kind::trades},
    {"candles", Kind::candles, true},
    {"zones", Kind::minute, false, without_frame<write_zones>},
    {"footprint", Kind::minute, false, without_frame<newest_footprints>},
    {"profile", Kind::minute, false, without_frame<write_profile>},
    {"liquidations", Kind::minute, false, without_frame<all_liquidations>},
    {"events", Kind::minute, false, without_frame<write_events>},
    {"indicators", Kind::minute, true, write_indicators},
}};

std::optional<std::size_t> row_by_id(const views::Snapshot& snapshot, std::string_view id) {
    for (std::size_t i = 0; i < snapshot.rows.size(); ++i) {
        if (snapshot.rows[i].instrument.path_id() == id) return i;
    }
    return std::nullopt;
}

void Topics::publish(std::shared_ptr<const views::Snapshot> snapshot) {
    snapshot_ = std::move(snapshot);
    update_overview();
    for (auto& [name, followed] : followed_) {
        if (followed.followers > 0) update(followed);
    }
}

bool Topics::update_jobs() {
    const auto found = followed_.find("jobs");
    if (found == followed_.end() || found->second.followers == 0) return false;
    const std::uint64_t before = sequence("jobs");
    update(found->second);
    return sequence("jobs") != before;
}

void Topics::update_overview() {
    const auto text_of = [&](auto&& write) {
        scratch_.clear();
        write(scratch_);
        return scratch_.text();
    };
    overview_.begin();
    overview_.put_section("timestamp",
                          text_of([&](JsonWriter& out) { out.value(to_ms(snapshot_->at) / 1000 * 1000); }));
    overview_.put_section("mode",
                          text_of([&](JsonWriter& out) { write_mode(out, snapshot_->mode, *snapshot_->trading); }));
    overview_.put_section("top_movers", text_of([&](JsonWriter& out) { write_top_movers(out, *snapshot_); }));
    overview_.put_section("signals", text_of([&](JsonWriter& out) { write_signal_rows(out, *snapshot_); }));
    overview_.put_section("alerts", "[]");
    overview_.put_section("system_status", text_of([&](JsonWriter& out) { write_system_status(out, *snapshot_); }));
    for (const auto& member : overview_members()) {
        overview_.put_section_field("market_overview", member.name,
                                    text_of([&](JsonWriter& out) { member.write(out, snapshot_->overview); }));
    }
    for (const views::Row& row : snapshot_->rows) {
        overview_.begin_row(row.instrument.path_id());
        for (const auto& member : row_members()) {
            overview_.put_row_field(member.name, text_of([&](JsonWriter& out) { member.write(out, row); }));
        }
    }
    (void)overview_.end();
}

Result<Topics::Followed> Topics::make(std::string_view name) const {
    if (!snapshot_) return fail(Errc::unavailable, "nothing was published yet");
    Followed made;
    const auto whole = std::ranges::find(kWholeMarket, name, &WholeMarket::name);
    if (whole != kWholeMarket.end() && (whole->kind != Kind::jobs || list_jobs_)) {
        made.kind = whole->kind;
        made.write_account = whole->write;
        return made;
    }
    const std::size_t dot = name.find('.');
    std::string_view id = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    const auto family = std::find_if(kFamilies.begin(), kFamilies.end(),
                                     [&](const Family& one) { return one.name == name.substr(0, dot); });
    if (family == kFamilies.end()) return fail(Errc::not_found, "no such topic; there are " + all_names());
    made.kind = family->kind;
    made.write = family->write;
    if (made.kind == Kind::trades) made.state = ListTopic("trades", kTradesKept);
    if (made.kind == Kind::candles) made.state = ListTopic("candles", kCandlesKept);
    if (family->has_frame) {
        const std::size_t last = id.rfind('.');
        const auto frame = last == std::string_view::npos ? std::nullopt : market::timeframe_of(id.substr(last + 1));
        if (!frame)
            return fail(Errc::not_found,
                        "a topic of " + std::string(family->name) + " ends in .1m, .5m, .30m or .4h");
        made.frame = *frame;
        id = id.substr(0, last);
    }
    made.id = id;
    if (!find_row(made)) return fail(Errc::not_found, "no instrument has the id '" + made.id.substr(0, 60) + "'");
    return made;
}

std::string Topics::all_names() const {
    std::string all;
    for (const WholeMarket& one : kWholeMarket)
        if (one.kind != Kind::jobs || list_jobs_) all += (all.empty() ? "" : ", ") + std::string(one.name);
    for (const Family& one : kFamilies) all += ", " + std::string(one.name) + (one.has_frame ? ".ID.TF" : ".ID");
    return all;
}

bool Topics::find_row(Followed& followed) const {
    const auto& rows = snapshot_->rows;
    if (followed.row < rows.size() && rows[followed.row].instrument.path_id() == followed.id) return true;
    const auto row = row_by_id(*snapshot_, followed.id);
    if (row) followed.row = *row;
    return row.has_value();
}

Result<void> Topics::follow(std::string_view name) {
    auto found = followed_.find(name);
    if (found == followed_.end()) {
        auto made = make(name);
        if (!made) return tl::unexpected(made.error());
        found = followed_.emplace(std::string(name), std::move(*made)).first;
    }
    if (found->second.followers++ == 0) update(found->second);
    return {};
}

void Topics::unfollow(std::string_view name) {
    const auto found = followed_.find(name);
    VT_ASSERT(found != followed_.end() && found->second.followers > 0);
    --found->second.followers;
}

void Topics::update(Followed& followed) {
    const views::Snapshot& picture = *snapshot_;
    if (!followed.id.empty() && !find_row(followed)) return;  // no longer listed: what was last known stays
    scratch_.clear();
    switch (followed.kind) {
        case Kind::overview: return;
        case Kind::system: write_system_status(scratch_, picture); break;
        case Kind::signals:
            scratch_.begin_object().key("signals");
            write_signal_rows(scratch_, picture);
            scratch_.end_object();
            break;
        case Kind::jobs:
            scratch_.begin_object().key("jobs");
            write_jobs(scratch_, list_jobs_());
            scratch_.end_object();
            break;
        case Kind::account: followed.write_account(scratch_, picture); break;
        case Kind::score: write_score(scratch_, picture, followed.row, params_); break;
        case Kind::book: write_book(scratch_, picture, followed.row, views::kBookLevels); break;
        case Kind::markets: write_coin_markets(scratch_, picture, followed.row); break;
        case Kind::minute: return update_minute(followed);
        case Kind::trades:
        case Kind::candles: return update_list(followed);
    }
    (void)std::get<DocumentTopic>(followed.state).update(scratch_.text());
}

void Topics::update_minute(Followed& followed) {
    const views::SymbolDetail& detail = *snapshot_->details[followed.row];
    auto& document = std::get<DocumentTopic>(followed.state);
    const bool is_current =
        document.sequence() > 0 && followed.minute == detail.minute && followed.liquidations == detail.liquidations;
    if (is_current) return;
    followed.write(scratch_, *snapshot_, followed.row, followed.frame);
    followed.minute = detail.minute;
    followed.liquidations = detail.liquidations;
    (void)document.update(scratch_.text());
}

void Topics::update_list(Followed& followed) {
    const views::Snapshot& picture = *snapshot_;
    auto& list = std::get<ListTopic>(followed.state);
    const market::Instrument& instrument = picture.rows[followed.row].instrument;
    scratch_.begin_object().field("id", instrument.path_id()).field("symbol", instrument.unified_symbol());
    scratch_.field("timestamp", to_ms(picture.at));
    if (followed.kind == Kind::candles) scratch_.field("timeframe", market::name(followed.frame));
    list.set_head(std::string(scratch_.text().substr(1)));
    list.begin();
    const auto put = [&](std::int64_t key, auto&& write) {
        scratch_.clear();
        write(scratch_);
        list.put(key, scratch_.text());
    };
    const views::SymbolDetail& detail = *picture.details[followed.row];
    if (followed.kind == Kind::trades) {
        for (const views::TradeRow& trade : detail.trades) {
            put(static_cast<std::int64_t>(trade.sequence),
                [&](JsonWriter& out) { write_trade(out, trade, instrument); });
        }
    } else {
        const views::CandlesView& candles = detail.candles[static_cast<std::size_t>(followed.frame)];
        if (followed.closed != candles.closed) {  // the same object until the next candle closes
            for (const market::Candle& candle : *candles.closed)
                put(to_ms(candle.open_time), [&](JsonWriter& out) { write_candle(out, candle); });
            followed.closed = candles.closed;
        }
        if (candles.open)
            put(to_ms(candles.open->open_time), [&](JsonWriter& out) { write_candle(out, *candles.open); });
    }
    (void)list.end();
}

std::uint64_t Topics::sequence(std::string_view name) const {
    const auto found = followed_.find(name);
    if (found == followed_.end()) return 0;
    if (found->second.kind == Kind::overview) return overview_.sequence();
    return std::visit([](const auto& state) { return state.sequence(); }, found->second.state);
}

bool Topics::can_resume(std::string_view name, std::uint64_t since) const {
    const auto found = followed_.find(name);
    if (found == followed_.end() || since == 0 || since > sequence(name)) return false;
    const auto* list = std::get_if<ListTopic>(&found->second.state);
    return list == nullptr || list->can_resume(since);
}

std::string Topics::snapshot_of(std::string_view name) const {
    const auto found = followed_.find(name);
    VT_ASSERT(found != followed_.end());
    if (found->second.kind == Kind::overview) return overview_.snapshot();
    return std::visit([](const auto& state) { return std::string(state.snapshot()); }, found->second.state);
}

std::string Topics::delta_of(std::string_view name, std::uint64_t since) const {
    const auto found = followed_.find(name);
    VT_ASSERT(found != followed_.end());
    if (found->second.kind == Kind::overview) return overview_.delta(since);
    return std::visit([&](const auto& state) { return std::string(state.delta(since)); }, found->second.state);
}

}  // namespace vt::api
