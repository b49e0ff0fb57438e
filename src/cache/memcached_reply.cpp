#include "cache/memcached_reply.hpp"

#include <charconv>
#include <cstdint>

namespace vt::cache {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxLineBytes = 1'024;

tl::unexpected<Error> malformed(std::string what) { return fail(Errc::malformed, "memcached: " + std::move(what)); }

/// The first line, without its end; nothing: it has not come in whole.
Result<std::optional<std::string_view>> first_line(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, kMaxLineBytes).find(kLineEnd);
    if (end != std::string_view::npos) return bytes.substr(0, end);
    if (bytes.size() >= kMaxLineBytes) return malformed("a line without an end");
    return std::nullopt;
}

/// What a line means that says that something went wrong.
tl::unexpected<Error> failure(std::string_view line) {
    const std::string shown(line.substr(0, 100));
    if (line.starts_with("SERVER_ERROR") || line == "NOT_STORED") return fail(Errc::refused, "memcached: " + shown);
    return malformed("not a reply to this command: '" + shown + "'");
}

/// Takes a number and what follows it off the front.
bool take_number(std::string_view& text, std::uint64_t& number, std::string_view behind) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(behind)) return false;
    text.remove_prefix(behind.size());
    return true;
}

}  // namespace

Result<std::optional<MemcachedGot>> read_get_reply(std::string_view bytes, std::string_view key,
                                                   std::size_t max_value_bytes) {
    VT_TRY(const auto line, first_line(bytes));
    if (!line) return std::nullopt;
    std::string_view rest = bytes.substr(line->size() + kLineEnd.size());
    if (*line == "END") {
        if (!rest.empty()) return malformed("bytes behind the end of a reply");
        return MemcachedGot{};
    }
    constexpr std::string_view kValue = "VALUE ";
    if (!line->starts_with(kValue)) return failure(*line);
    std::string_view head = line->substr(kValue.size());
    if (!head.starts_with(key) || !head.substr(key.size()).starts_with(" "))
        return malformed("the value of another key");
    head.remove_prefix(key.size() + 1);
    std::uint64_t flags = 0;
    std::uint64_t size = 0;
    if (!take_number(head, flags, " ") || !take_number(head, size, "") || !head.empty())
        return malformed("a value without its size");
    if (size > max_value_bytes) return malformed("a value of " + std::to_string(size) + " bytes");
    constexpr std::string_view kEnd = "\r\nEND\r\n";
    const std::string_view behind = rest.size() > size ? rest.substr(size) : std::string_view{};
    if (behind.size() > kEnd.size() || behind != kEnd.substr(0, behind.size()))
        return malformed("a value of another length");
    if (behind.size() < kEnd.size()) return std::nullopt;
    return MemcachedGot{.value = std::string(rest.substr(0, size))};
}

Result<bool> read_status_reply(std::string_view bytes) {
    VT_TRY(const auto line, first_line(bytes));
    if (!line) return false;
    if (bytes.size() > line->size() + kLineEnd.size()) return malformed("bytes behind the end of a reply");
    if (*line == "STORED" || *line == "DELETED" || *line == "NOT_FOUND") return true;
    return failure(*line);
}

}  // namespace vt::cache
