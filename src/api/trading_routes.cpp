#include "api/json.hpp"
#include "api/server.hpp"
#include "api/trade_pages.hpp"
#include "api/trading_json.hpp"
#include "base/whole_number.hpp"

#include <string>
#include <utility>

/// The account: what is open, what may be, and what became of each trade.
namespace vt::api {
namespace {

net::PreparedResponsePtr no_trades() {
    return problem(503, "no trades are kept: records.database_url (DATABASE_URL) is off, or this is a replay");
}

net::PreparedResponsePtr no_such_trade(std::string_view market, const std::string& number) {
    return problem(404, "no trade \"" + number.substr(0, 40) + "\" of the " + std::string(market) +
                            " market is kept; /api/trades lists them");
}

}  // namespace

net::HttpReply Server::trade_page(const Call& call) {
    if (!params_.read_trades) return no_trades();
    auto query = trade_query_of(call, views::name(params_.mode));
    if (!query) return question_problem(query.error());
    auto instrument = instrument_asked_for(call);
    if (!instrument) return instrument.error();
    query->instrument = std::move(*instrument);
    return net::PendingResponse{
        .begin = [read = params_.read_trades, query = *query](net::PendingResponse::Done done) {
            read(query, [market = query.market, done = std::move(done)](const Result<records::TradePage>& page) {
                if (!page) return done(question_problem(page.error()));
                JsonWriter out;
                write_trade_page(out, market, *page);
                done(live_json(out.take()));
            });
        }};
}

net::HttpReply Server::kept_trade(const Call& call) {
    if (!params_.read_trade) return no_trades();
    const std::string& text = call.parameters.at("trade");
    const std::string market(views::name(params_.mode));
    const auto number = whole_number<std::uint64_t>(text);
    if (!number) return no_such_trade(market, text);
    return net::PendingResponse{.begin = [read = params_.read_trade, market,
                                          number = *number](net::PendingResponse::Done done) {
        read(market, number, [market, number, done = std::move(done)](const Result<std::optional<KeptTrade>>& kept) {
            if (!kept) return done(question_problem(kept.error()));
            if (!*kept) return done(no_such_trade(market, std::to_string(number)));
            JsonWriter out;
            write_kept_trade(out, **kept);
            done(live_json(out.take()));
        });
    }};
}

void Server::add_trading_routes() {
    const auto view = [this](std::string pattern, std::string summary, std::string schema, MarketWriter write) {
        routes_.add({.pattern = pattern,
                     .access = Access::account_read,
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, pattern, write = std::move(write)](const Call&) {
                         const auto whole = [&](JsonWriter& out, const views::Snapshot& snapshot) {
                             begin_part(out, snapshot);
                             write(out, snapshot);
                             out.end_object();
                         };
                         return for_market(pattern, whole, live_headers());
                     }});
    };
    view("/api/positions", "What is open, with its stop, its margin and why it was opened", "Positions",
         write_positions);
    view("/api/orders", "The orders of what is open, and every one of which nobody knows what became of it", "Orders",
         write_orders);
    view("/api/portfolio", "What the account holds, what it earned, and how far it is below its best", "Portfolio",
         write_portfolio);
    view("/api/risk", "Whether new positions may be opened, every limit with its use, and what was denied last",
         "Risk", write_risk);
    routes_.add({.pattern = "/api/trades",
                 .access = Access::account_read,
                 .summary = "The journal, page by page: every trade as it stands or ended, the newest first",
                 .schema = "AccountTrades",
                 .query = trade_parameters(),
                 .handler = [this](const Call& call) { return trade_page(call); }});
    routes_.add({.pattern = "/api/trades/{trade}",
                 .access = Access::account_read,
                 .summary = "One trade of the journal with every order of it",
                 .schema = "TradeHistory",
                 .handler = [this](const Call& call) { return kept_trade(call); }});
}

}  // namespace vt::api
