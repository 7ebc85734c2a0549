// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The ASCII that is left of a character after Unicode's compatibility decomposition (NFKD).
///
/// "é" leaves "e", "ﬁ" leaves "fi".
/// The standard library has no such decomposition, and filenames are all that need it. Only letters, digits and the
/// characters ` _.-/` are listed; the rest is dropped from filenames anyway.
enum CompatibilityASCII {
    /// What is left of `scalar`; nothing for most characters outside Latin scripts.
    static func bytes(for scalar: Unicode.Scalar) -> [UInt8] {
        scalar.isASCII ? [UInt8(truncatingIfNeeded: scalar.value)] : Self.table[scalar.value] ?? []
    }

    /// Reads `runs`: the first scalar in hexadecimal, a colon, then one character, or several in parentheses, for each
    /// consecutive scalar; a comma ends the run.
    private static let table: [UInt32: [UInt8]] = {
        var table: [UInt32: [UInt8]] = [:]
        for run in Self.runs.utf8.split(separator: UInt8(ascii: ",")) {
            let halves = run.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard halves.count == 2, var scalar = UInt32(Substring(halves[0]), radix: 16) else { continue }
            var group: [UInt8]?
            for byte in halves[1] {
                switch byte {
                case UInt8(ascii: "("):
                    group = []
                case UInt8(ascii: ")"):
                    table[scalar] = group
                    group = nil
                    scalar += 1
                case _ where group != nil:
                    group?.append(byte)
                default:
                    table[scalar] = [byte]
                    scalar += 1
                }
            }
        }
        return table
    }()

    /// Computed from the Unicode Character Database 14.0, the version in Python 3.11.
    private static let runs = """
        A0: ,A8: ,AA:a,AF: ,B2:23 ,B8: 1o,BC:(14)(12)(34),C0:AAAAAA,C7:CEEEEIIII,D1:NOOOOO,D9:UUUUY,E0:aaaaaa,E7:\
        ceeeeiiii,F1:nooooo,F9:uuuuy,FF:yAaAaAaCcCcCcCcDd,112:EeEeEeEeEeGgGgGgGgHh,128:IiIiIiIiI,132:(IJ)(ij)JjKk\
        ,139:LlLlLlLl,143:NnNnNnn,14C:OoOoOo,154:RrRrRrSsSsSsSsTtTt,168:UuUuUuUuUuUuWwYyYZzZzZzs,1A0:Oo,1AF:Uu,1C\
        4:(DZ)(Dz)(dz)(LJ)(Lj)(lj)(NJ)(Nj)(nj)AaIiOoUuUuUuUuUu,1DE:AaAa,1E6:GgKkOoOo,1F0:j(DZ)(Dz)(dz)Gg,1F8:NnAa\
        ,200:AaAaEeEeIiIiOoOoRrRrUuUuSsTt,21E:Hh,226:AaEeOoOoOoOoYy,2B0:h,2B2:jr,2B7:wy,2D8:      ,2E1:lsx,37A: ,\
        384:  ,1D2C:A,1D2E:B,1D30:DE,1D33:GHIJKLMN,1D3C:O,1D3E:PRTUWa,1D47:bde,1D4D:g,1D4F:km,1D52:o,1D56:ptu,1D5\
        B:v,1D62:iruv,1D9C:c,1DA0:f,1DBB:z,1E00:AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmM\
        mMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyas,1EA0:AaAaAaAa\
        AaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy,1FBD: ,1FBF:   ,1FCD\
        :   ,1FDD:   ,1FED:  ,1FFD:  ,2000:           ,2017: ,2024:.(..)(...),202F: ,203E: ,205F: ,2070:0i,2074:4\
        56789,207F:n0123456789,2090:aeox,2095:hklmnpst,20A8:(Rs),2100:(a/c)(a/s)CC,2105:(c/o)(c/u),2109:FgHHHh,21\
        10:IILl,2115:N(No),2119:PQRRR,2120:(SM)(TEL)(TM),2124:Z,2128:Z,212A:KABC,212F:eEF,2133:Mo,2139:i,213B:(FA\
        X),2145:Ddeij,2150:(17)(19)(110)(13)(23)(15)(25)(35)(45)(16)(56)(18)(38)(58)(78)1I(II)(III)(IV)V(VI)(VII)\
        (VIII)(IX)X(XI)(XII)LCDMi(ii)(iii)(iv)v(vi)(vii)(viii)(ix)x(xi)(xii)lcdm,2189:(03),2460:123456789(10)(11)\
        (12)(13)(14)(15)(16)(17)(18)(19)(20)123456789(10)(11)(12)(13)(14)(15)(16)(17)(18)(19)(20)(1.)(2.)(3.)(4.)\
        (5.)(6.)(7.)(8.)(9.)(10.)(11.)(12.)(13.)(14.)(15.)(16.)(17.)(18.)(19.)(20.)abcdefghijklmnopqrstuvwxyzABCD\
        EFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0,2C7C:jV,3000: ,309B:  ,3250:(PTE)(21)(22)(23)(24)(25)(2\
        6)(27)(28)(29)(30)(31)(32)(33)(34)(35),32B1:(36)(37)(38)(39)(40)(41)(42)(43)(44)(45)(46)(47)(48)(49)(50)1\
        23456789(10)(11)(12)(Hg)(erg)(eV)(LTD),3358:0123456789(10)(11)(12)(13)(14)(15)(16)(17)(18)(19)(20)(21)(22\
        )(23)(24)(hPa)(da)(AU)(bar)(oV)(pc)(dm)(dm2)(dm3)(IU),3380:(pA)(nA)A(mA)(kA)(KB)(MB)(GB)(cal)(kcal)(pF)(n\
        F)Fg(mg)(kg)(Hz)(kHz)(MHz)(GHz)(THz)l(ml)(dl)(kl)(fm)(nm)m(mm)(cm)(km)(mm2)(cm2)(m2)(km2)(mm3)(cm3)(m3)(k\
        m3)(ms)(ms2)(Pa)(kPa)(MPa)(GPa)(rad)(rads)(rads2)(ps)(ns)s(ms)(pV)(nV)V(mV)(kV)(MV)(pW)(nW)W(mW)(kW)(MW)k\
        M(a.m.)(Bq)(cc)(cd)(Ckg)(Co.)(dB)(Gy)(ha)(HP)(in)(KK)(KM)(kt)(lm)(ln)(log)(lx)(mb)(mil)(mol)(PH)(p.m.)(PP\
        M)(PR)(sr)(Sv)(Wb)(Vm)(Am)123456789(10)(11)(12)(13)(14)(15)(16)(17)(18)(19)(20)(21)(22)(23)(24)(25)(26)(2\
        7)(28)(29)(30)(31)(gal),A7F2:CFQ,FB00:(ff)(fi)(fl)(ffi)(ffl)(st)(st),FC5E:      ,FDFA:(   ) ,FE19:(...),F\
        E30:(..),FE33:__,FE49:    ___,FE52:.,FE63:-,FE70: ,FE72: ,FE74: ,FE76: ,FE78: ,FE7A: ,FE7C: ,FE7E: ,FF0D:\
        -./0123456789,FF21:ABCDEFGHIJKLMNOPQRSTUVWXYZ,FF3F:_,FF41:abcdefghijklmnopqrstuvwxyz,FFE3: ,107A5:q,1D400\
        :ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg,1D456:ijklmnopqrst\
        uvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzA,1D49E:CD,1D4A2:G,1D4A5:JK,1D4A9:NOPQ,1D4AE:ST\
        UVWXYZabcd,1D4BB:f,1D4BD:hijklmn,1D4C5:pqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzAB,\
        1D507:DEFG,1D50D:JKLMNOPQ,1D516:STUVWXY,1D51E:abcdefghijklmnopqrstuvwxyzAB,1D53B:DEFG,1D540:IJKLM,1D546:O\
        ,1D54A:STUVWXY,1D552:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEF\
        GHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFG\
        HIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzABCDEFGH\
        IJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,1D7CE:01234567890123456789012345678901234567890123456789,1F1\
        00:(0.)0123456789,1F110:ABCDEFGHIJKLMNOPQRSTUVWXYZSCR(CD)(WZ),1F130:ABCDEFGHIJKLMNOPQRSTUVWXYZ(HV)(MV)(SD\
        )(SS)(PPV)(WC),1F16A:(MC)(MD)(MR),1F190:(DJ),1FBF0:0123456789
        """
}
