#include "net/ip_address.hpp"
#include "notify/answer.hpp"
#include "notify/message.hpp"
#include "notify/public_address.hpp"

#include <benchmark/benchmark.h>

namespace vt::notify {
namespace {

/// A signal as the program raises it: six sides, levels, eight figures.
alerts::Alert usual_alert() {
    alerts::Alert alert{.id = "0123456789abcdef0123456789abcdef",
                        .rule = "signals",
                        .kind = alerts::Kind::signal,
                        .severity = alerts::Severity::high,
                        .instrument = "bybit-linear-BTCUSDT",
                        .symbol = "BTCUSDT",
                        .side = alerts::Side::up,
                        .at = from_ms(1'784'883'903'120),
                        .title = "LONG SIGNAL: BTCUSDT",
                        .text = "The score crossed 68.\nOrder flow leads; the book leans to the bid."};
    alert.figures.assign(8, {"Spread", "12.4 bps"});
    alert.score = alerts::ScoreFigures{.score = 71.3, .coverage = 0.92, .confidence = 0.81, .direction = "long"};
    alert.score->sides.assign(6, {"Order flow", 78.0, 5.6});
    alert.levels = alerts::Levels{.entry = "64,250.0", .stop = "63,100.0", .targets = {"65,400.0", "66,550.0"}};
    return alert;
}

void discord(benchmark::State& state) {
    const std::vector<alerts::Alert> alerts{usual_alert()};
    for (auto _ : state) benchmark::DoNotOptimize(discord_payload(alerts, {}));
}
BENCHMARK(discord);

void discord_with_a_picture_of_200_kb(benchmark::State& state) {
    const std::vector<alerts::Alert> alerts{usual_alert()};
    const std::vector<Attachment> files{{"card.png", "image/png", std::string(200'000, 'x')}};
    for (auto _ : state) benchmark::DoNotOptimize(discord_payload(alerts, files));
}
BENCHMARK(discord_with_a_picture_of_200_kb);

void telegram(benchmark::State& state) {
    const alerts::Alert alert = usual_alert();
    for (auto _ : state) benchmark::DoNotOptimize(telegram_payload(alert, {}, "-100123"));
}
BENCHMARK(telegram);

void webhook_signed(benchmark::State& state) {
    const alerts::Alert alert = usual_alert();
    const Secret key("0123456789abcdef");
    for (auto _ : state) benchmark::DoNotOptimize(webhook_payload(alert, key, alert.at));
}
BENCHMARK(webhook_signed);

void email(benchmark::State& state) {
    const alerts::Alert alert = usual_alert();
    const EmailTarget target{.from = "alerts@example.com", .to = {"me@example.com"}};
    for (auto _ : state) benchmark::DoNotOptimize(email_message(alert, {}, target, alert.at));
}
BENCHMARK(email);

void answer_of_discord(benchmark::State& state) {
    const Result<net::HttpResponse> answer = net::HttpResponse{
        .status = 429, .body = R"({"message":"You are being rate limited.","retry_after":0.65,"global":false})"};
    for (auto _ : state) benchmark::DoNotOptimize(read_answer(ChannelKind::discord, answer));
}
BENCHMARK(answer_of_discord);

void look_at_an_address(benchmark::State& state) {
    const net::IpAddress address = *net::parse_ip_address("2606:4700:4700::1111");
    for (auto _ : state) benchmark::DoNotOptimize(not_public(address));
}
BENCHMARK(look_at_an_address);

}  // namespace
}  // namespace vt::notify
