#include "desk/saved_trading.hpp"
#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/program.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

/// Trading on paper in the running program: what it goes on from, who commands it, what is kept of it.
namespace vt::runtime {
namespace {

/// The engine answers within milliseconds; it is behind by so much only where something is wrong.
constexpr std::chrono::seconds kCommandPatience{5};
constexpr const char* kFromFile = "kill file";

}  // namespace

Result<void> Program::start_trading() {
    if (params_.config.trading.mode == "off" || params_.mode == views::MarketMode::replay) return {};
    if (!params_.kill_file.empty()) {
        kill_file_ = std::make_unique<KillFileWatch>(
            params_.kill_file, [this](const KillFile& file) { press(file); },
            [this] {
                const auto picture = snapshot();
                return !picture || picture->trading->is_halted() != false;
            });
    }
    if (params_.records.url.empty()) {
        obs::log_warning("trading", "trades are not kept (records.database_url is off): the next start begins anew");
        return {};
    }
    VT_TRY(const records::DatabaseUrl url, records::parse_database_url(params_.records.url));
    auto keeping = TradeKeeping::start(url, claim_, std::string(views::name(params_.mode)), net::wall_now());
    if (!keeping)
        return fail(keeping.error().code,
                    "what was traded before cannot be read, and nothing is traded without it: " +
                        keeping.error().what + "; or start with `--trade off`");
    trades_ = std::move(*keeping);
    return {};
}

/// The feed thread, before anything is listed: a file that is there halts the first moment.
void Program::resume_trading(Timestamp now) {
    if (trades_) {
        const std::string saved = desk::encode_saved_trading(trades_->saved());
        queue_.push(engine::ResumeTrading{saved}, now);
    }
    if (!kill_file_) return;
    kill_file_->look(std::chrono::steady_clock::now());
    kill_file_->start();
}

void Program::press_kill_switch(std::string who, std::string reason) {
    if (params_.config.trading.mode == "off") {
        obs::log_warning("trading", "nothing is traded: the kill switch (" + reason + ") has nothing to stop");
        return;
    }
    obs::log_warning("trading", "the kill switch is turned on by " + reason);
    command_trading({.wish = engine::TradingWish::halt, .who = std::move(who), .reason = std::move(reason)}, 0);
}

void Program::press(const KillFile& file) {
    obs::log_warning("trading", "the kill switch is turned on by " + file.reason);
    command_trading({.wish = file.flattens ? engine::TradingWish::flatten : engine::TradingWish::halt,
                     .who = kFromFile,
                     .reason = file.reason},
                    0);
}

void Program::command_trading(api::TradingRequest request, std::uint64_t number) {
    feed_thread_.loop.post([this, number, request = std::move(request)] {
        queue_.push(engine::TradingCommand{.number = number,
                                           .wish = request.wish,
                                           .trade = request.trade,
                                           .order = request.order,
                                           .who = request.who,
                                           .reason = request.reason},
                    net::wall_now());
        if (number == 0) return;
        feed_thread_.loop.after(kCommandPatience, [this, number] {
            if (const TradingAnswers::Done done = trading_answers_.take(number))
                done(fail(Errc::unavailable,
                          "the engine has not answered within 5 s and may still do it: GET /api/risk shows the mode; "
                          "the log says what keeps it"));
        });
    });
}

void Program::ask_trading(api::TradingRequest request, TradingAnswers::Done done) {
    const bool is_freer =
        request.wish == engine::TradingWish::release || request.wish == engine::TradingWish::end_reducing;
    if (is_freer && !params_.kill_file.empty() && read_kill_file(params_.kill_file))
        return done(fail(Errc::refused, "the file " + params_.kill_file +
                                            " holds the kill switch on: remove it first, then release"));
    if (const std::uint64_t number = trading_answers_.expect(std::move(done)); number > 0)
        command_trading(std::move(request), number);
}

/// The engine's thread.
void Program::trading_answered(const engine::TradingAnswered& answer) {
    if (answer.refusal) obs::log_warning("trading", "a command was not carried out: " + answer.refusal->what);
    TradingAnswers::Done done = trading_answers_.take(answer.number);
    if (!done) return;
    if (answer.refusal) return done(tl::unexpected<Error>(*answer.refusal));
    api::TradingDone outcome{.mode = answer.mode.value_or(risk::Mode::active)};
    if (!trades_) {
        outcome.not_stored = "nothing is kept (records.database_url is off): it holds until the program ends";
        return done(outcome);
    }
    trades_->after_stored([done = std::move(done), outcome](const Result<void>& stored) mutable {
        if (!stored)
            outcome.not_stored =
                "it is done, and not stored yet: a restart before that would not know. " + stored.error().what;
        done(outcome);
    });
}

api::AskTrading Program::asks_trading() {
    if (params_.config.trading.mode == "off" || params_.mode == views::MarketMode::replay) return {};
    return [this](api::TradingRequest request, TradingAnswers::Done done) {
        ask_trading(std::move(request), [this, done = std::move(done)](const Result<api::TradingDone>& answer) {
            api_thread_.loop.post([done, answer] { done(answer); });
        });
    };
}

void Program::log_trading(const engine::TradingStep& step) {
    for (const desk::Output& output : step.outputs) {
        if (const auto* warning = std::get_if<execution::Warning>(&output))
            obs::log_warning("trading", std::string(name(warning->kind)) +
                                            (warning->trade ? ", trade " + std::to_string(*warning->trade) : "") +
                                            ": " + warning->text);
        if (const auto* change = std::get_if<risk::ModeChange>(&output))
            obs::log_warning("trading", std::string(name(change->from)) + " to " + std::string(name(change->to)) +
                                            ", by " + change->who + ": " + change->reason);
        if (const auto* judgement = std::get_if<desk::Judgement>(&output); judgement != nullptr && judgement->trade)
            obs::log_info("trading",
                          "trade " + std::to_string(*judgement->trade) + " begins, of signal " + judgement->signal);
    }
}

api::ReadTrades Program::read_trades() {
    if (!reading_) return {};
    return [this](records::TradeQuery query, std::function<void(const Result<records::TradePage>&)> done) {
        reading_->ask<records::TradePage>(
            [query = std::move(query)](records::Repository& repository) {
                return records::trades_of(repository.database(), query);
            },
            [this, done = std::move(done)](const Result<records::TradePage>& page) {
                api_thread_.loop.post([done, page] { done(page); });
            });
    };
}

api::ReadTrade Program::read_trade() {
    if (!reading_) return {};
    using Kept = std::optional<api::KeptTrade>;
    return [this](std::string market, std::uint64_t number, api::TradeRead done) {
        reading_->ask<Kept>(
            [market = std::move(market), number](records::Repository& repository) -> Result<Kept> {
                records::Database& database = repository.database();
                VT_TRY(auto trade, records::trade_numbered(database, market, number));
                if (!trade) return Kept();
                VT_TRY(auto orders, records::orders_of_trade(database, market, number));
                return api::KeptTrade{std::move(*trade), std::move(orders)};
            },
            [this, done = std::move(done)](const Result<Kept>& kept) {
                api_thread_.loop.post([done, kept] { done(kept); });
            });
    };
}

}  // namespace vt::runtime
