#pragma once

// The inside of the Bybit REST codec. Included by its .cpp files only.

#include "exchange/bybit/codec_parts.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/json_walk.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace vt::exchange::bybit {

using json::Fault;
namespace ondemand = json::ondemand;

struct RestCodec::Impl {
    json::Document document;

    /// Walks the outer object; visit sees the members of `result`.
    template <class Visit>
    Fault walk_result(std::string_view body, Envelope& envelope, Visit&& visit) {
        if (body.size() > kMaxFrameBytes) return {"is longer than 4 MB"};
        document.hold(body);
        ondemand::object root;
        if (const Fault fault = document.open(root)) return fault;
        bool has_code = false;
        const Fault fault = json::each_member(root, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "retCode") {
                std::int64_t code = 0;
                has_code = true;
                if (value.get_int64().get(code)) return {"has a retCode that is not a number"};
                envelope.ret_code = static_cast<int>(std::clamp<std::int64_t>(code, -1'000'000'000, 1'000'000'000));
                return {};
            }
            if (key == "retMsg") {
                std::string_view text;
                if (const Fault wrong = json::text_of(value, text)) return wrong;
                envelope.ret_message = text.substr(0, 200);
                return {};
            }
            if (key == "time") return json::instant_of(value, envelope.server_time);
            if (key != "result") return json::pass_over(value);
            ondemand::json_type type{};
            if (value.type().get(type)) return {"has a malformed result"};
            if (type != ondemand::json_type::object) return json::pass_over(value);
            ondemand::object result;
            if (const Fault wrong = json::object_of(value, result)) return wrong;
            return json::each_member(result, visit);
        });
        if (fault) return fault;
        if (!has_code) return {"lacks its retCode"};
        return document.close();
    }

    /// Walks result.list whose elements are objects; `other` sees the other members of `result`.
    template <class Row, class Other>
    Fault walk_rows(std::string_view body, Envelope& envelope, Row&& row, Other&& other) {
        bool has_list = false;
        const Fault fault = walk_result(body, envelope, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key != "list") return other(key, value);
            has_list = true;
            return json::each_element(value, [&](ondemand::value element) -> Fault {
                ondemand::object object;
                if (const Fault wrong = json::object_of(element, object)) return wrong;
                return row(object);
            });
        });
        if (fault) return fault;
        return has_list ? Fault{} : Fault{"lacks its list"};
    }
};

[[nodiscard]] inline Fault expect_text(ondemand::value value, std::string_view expected, const char* what) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    return text == expected ? Fault{} : Fault{what};
}

/// The reply repeats the symbol and category asked for, where it names them.
[[nodiscard]] inline auto echo_check(std::string_view symbol, market::Category category) {
    return [symbol, category](std::string_view key, ondemand::value value) -> Fault {
        if (key == "category") return expect_text(value, name(category), "speaks of another category than asked");
        if (key == "symbol") return expect_text(value, symbol, "speaks of another symbol than asked");
        return json::pass_over(value);
    };
}

[[nodiscard]] inline tl::unexpected<Error> refused(std::string_view source, Fault fault) {
    return fail(Errc::malformed, "bybit " + std::string(source) + " " + fault.what);
}

/// Takes back what a refused body appended.
class EventMark {
public:
    explicit EventMark(Output& out) : out_(out), size_(out.events.size()) {}
    void undo() const { out_.events.resize(size_); }
    void reverse() const {
        std::reverse(out_.events.begin() + static_cast<std::ptrdiff_t>(size_), out_.events.end());
    }
    [[nodiscard]] std::size_t count() const { return out_.events.size() - size_; }
    /// Newest first as documented, and no two of one time.
    [[nodiscard]] bool descends() const {
        for (std::size_t i = size_ + 1; i < out_.events.size(); ++i) {
            if (out_.events[i].exchange_time >= out_.events[i - 1].exchange_time) return false;
        }
        return true;
    }

private:
    Output& out_;
    std::size_t size_;
};

/// The end of each history decoder: all or nothing, oldest first.
[[nodiscard]] inline Result<std::size_t> finish(std::string_view source, Fault fault, const EventMark& mark) {
    if (!fault && !mark.descends()) fault = {"is not ordered newest first"};
    if (fault) {
        mark.undo();
        return refused(source, fault);
    }
    mark.reverse();
    return mark.count();
}

}  // namespace vt::exchange::bybit
