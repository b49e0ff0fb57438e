#pragma once

// The inside of the Binance REST codec. Included by its .cpp files only.

#include "exchange/binance/codec_parts.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/json_walk.hpp"

#include <string>
#include <string_view>

namespace vt::exchange::binance {

/// A scalar member as text, whatever its type.
inline json::Fault scalar_text(json::ondemand::value value, std::string_view& out) {
    json::ondemand::json_type type{};
    if (value.type().get(type)) return {"has a malformed value"};
    if (type == json::ondemand::json_type::array || type == json::ondemand::json_type::object)
        return {"has something else where a text belongs"};
    return scalar_of(value, type, out);
}

inline tl::unexpected<Error> refused_body(std::string_view source, json::Fault fault) {
    return fail(Errc::malformed, "binance " + std::string(source) + " " + fault.what);
}

struct RestCodec::Impl {
    json::Document document;

    /// Walks a list of objects, or one object as if it were a list of one.
    template <class Row>
    json::Fault walk_rows(std::string_view body, Row&& row) {
        if (const json::Fault fault = hold(body)) return fault;
        if (is_object(body)) {
            json::ondemand::object root;
            if (const json::Fault fault = document.open(root)) return fault;
            if (const json::Fault fault = row(root)) return fault;
            return document.close();
        }
        return walk_list(body, [&](json::ondemand::value value) -> json::Fault {
            json::ondemand::object object;
            if (const json::Fault fault = json::object_of(value, object)) return fault;
            return row(object);
        });
    }
    template <class Element>
    json::Fault walk_list(std::string_view body, Element&& element) {
        if (const json::Fault fault = hold(body)) return fault;
        json::ondemand::array root;
        if (const json::Fault fault = document.open(root)) return fault;
        if (const json::Fault fault = json::each_element(root, element)) return fault;
        return document.close();
    }
    template <class Visit>
    json::Fault walk_object(std::string_view body, Visit&& visit) {
        if (const json::Fault fault = hold(body)) return fault;
        json::ondemand::object root;
        if (const json::Fault fault = document.open(root)) return fault;
        if (const json::Fault fault = json::each_member(root, visit)) return fault;
        return document.close();
    }

    [[nodiscard]] static bool is_object(std::string_view body) {
        const std::size_t first = body.find_first_not_of(" \t\r\n");
        return first != std::string_view::npos && body[first] == '{';
    }

private:
    json::Fault hold(std::string_view body) {
        if (body.size() > kMaxReplyBytes) return {"is longer than 32 MB"};
        document.hold(body);
        return {};
    }
};

}  // namespace vt::exchange::binance
