#include "exchange/bybit/book_frame.hpp"

#include <cstring>

namespace vt::exchange::bybit {

bool BookFrameReader::expect(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size() || std::memcmp(at_, text.data(), text.size()) != 0)
        return false;
    at_ += text.size();
    return true;
}

bool BookFrameReader::read_count(std::uint64_t& count) {
    const char* const start = at_;
    count = 0;
    unsigned digit = 0;
    while ((digit = static_cast<unsigned>(*at_ - '0')) < 10) {
        count = count * 10 + digit;
        ++at_;
    }
    const auto length = at_ - start;
    return length >= 1 && length <= 18 && (length == 1 || *start != '0');
}

bool BookFrameReader::read_instant(Timestamp& instant) {
    constexpr std::uint64_t kLast = 9'000'000'000'000;  // as json::instant_of
    std::uint64_t ms = 0;
    if (!read_count(ms) || ms == 0 || ms > kLast) return false;
    instant = from_ms(static_cast<std::int64_t>(ms));
    return true;
}

bool BookFrameReader::read_head(BookFrameHead& head) {
    if (!expect(R"({"topic":")")) return false;
    const char* const topic = at_;
    if (!expect("orderbook.")) return false;
    std::uint64_t depth = 0;
    if (!read_count(depth) || depth > 1000 || !expect(".")) return false;
    const char* const symbol = at_;
    while ((*at_ >= 'A' && *at_ <= 'Z') || (*at_ >= '0' && *at_ <= '9')) ++at_;
    if (at_ == symbol) return false;
    head.symbol = {symbol, static_cast<std::size_t>(at_ - symbol)};
    head.topic = {topic, static_cast<std::size_t>(at_ - topic)};
    head.depth = static_cast<std::uint32_t>(depth);
    const bool has_time_first = expect(R"(","ts":)");
    if (has_time_first && (!read_instant(head.pushed_at) || !expect(R"(,"type":")"))) return false;
    if (!has_time_first && !expect(R"(","type":")")) return false;
    head.is_snapshot = expect("snapshot");
    if (!head.is_snapshot && !expect("delta")) return false;
    if (has_time_first) return expect(R"(","data":{"s":")");
    return expect(R"(","ts":)") && read_instant(head.pushed_at) && expect(R"(,"data":{"s":")");
}

bool BookFrameReader::read_side(StepReader prices, StepReader quantities, std::vector<market::Level>& levels) {
    if (expect("]")) return true;
    const char* p = at_;
    for (;;) {
        if (p[0] != '[' || p[1] != '"') return false;
        p += 2;
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        if (!prices.read(p, price) || price <= 0) return false;
        if (p[0] != '"' || p[1] != ',' || p[2] != '"') return false;
        p += 3;
        if (!quantities.read(p, quantity)) return false;
        if (p[0] != '"' || p[1] != ']') return false;
        p += 2;
        levels.push_back({Ticks{price}, Lots{quantity}});
        if (*p != ',') break;
        ++p;
    }
    at_ = p;
    return expect("]");
}

bool BookFrameReader::read_body(const BookFrameHead& head, StepReader prices, StepReader quantities,
                                std::vector<market::Level>& levels, BookFrameBody& body) {
    const std::size_t before = levels.size();
    if (!expect(head.symbol) || !expect(R"(","b":[)") || !read_side(prices, quantities, levels)) return false;
    body.bid_count = levels.size() - before;
    if (!expect(R"(,"a":[)") || !read_side(prices, quantities, levels)) return false;
    body.ask_count = levels.size() - before - body.bid_count;
    if (!expect(R"(,"u":)") || !read_count(body.update_id)) return false;
    if (!expect(R"(,"seq":)") || !read_count(body.cross_sequence)) return false;
    return expect(R"(},"cts":)") && read_instant(body.matched_at) && expect("}") && at_ == end_;
}

}  // namespace vt::exchange::bybit
